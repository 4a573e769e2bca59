// SPDX-License-Identifier: Apache-2.0

/// The parser of a connection that holds part of a request.
///
/// Between requests a connection has none: ten thousand that wait would pay 2 MiB for nothing.
final class PartialRequest {
    var parser: RequestParser

    init(limits: RequestLimits) {
        parser = RequestParser(limits: limits)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// The statuses at and below `/verify`: proxies pass on 401, 403, 429 and 503, and turn everything else into a failure of their own.
///
/// Every error decides here, also those that the engine finds before it looks at a route.
extension APIError {
    /// The status of the error for a proxy.
    var statusForProxies: Int {
        if case .refused(let error) = self { return error.statusForProxies }
        let status = ErrorAnswer(self).status
        switch status {
        case 401, 403, 429, 503: return status
        case 500...: return 503
        default: return 403
        }
    }
}

extension RequestError {
    /// The status of the error for a proxy: 403 for what the proxy's client wrote, 503 for what may go away.
    ///
    /// 400 is left for a message that is no request of HTTP/1, or whose end is in doubt: no path can be believed of it.
    var statusForProxies: Int {
        switch self {
        case .malformed(let rule): rule.statusForProxies
        case .unknownTransferCoding, .unsupportedVersion: 400
        case .targetTooLong, .fieldsTooLarge, .bodyTooLarge, .unknownMethod, .expectationFailed, .misdirected: 403
        case .timedOut, .unanswered, .failed, .tooManyConnections: 503
        }
    }
}

extension Malformation {
    /// The status of the fault for a proxy.
    fileprivate var statusForProxies: Int {
        switch self {
        case .target, .field, .repeatedField, .unexpectedBody, .trailer: 403
        case .requestLine, .version, .lineEnding, .host, .contentLength, .transferEncoding, .bothFramings, .chunk,
            .notSecure, .incomplete:
            400
        }
    }
}

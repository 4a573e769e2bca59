// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// Serves one public document.
struct DocumentEndpoint: Endpoint {
    private let document: PublicDocument

    init(_ document: PublicDocument) {
        self.document = document
    }

    var standingDocument: PublicDocument? { document }

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        .respond(call.finish(.success(try document.response(to: call.request.head))))
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardWeb

/// Serves one public document.
struct GetDocument: Endpoint {
    private let documents: LoopDocuments
    let operation: Operation
    private let path: any KeyPath<PublicDocuments, PublicDocument> & Sendable

    init(
        _ documents: LoopDocuments, _ path: any KeyPath<PublicDocuments, PublicDocument> & Sendable,
        _ operation: Operation
    ) {
        self.operation = operation
        self.documents = documents
        self.path = path
    }

    private var document: PublicDocument { documents.current[keyPath: path] }

    var standingDocument: PublicDocument? { document }

    func answer(_ call: Call) async throws(APIError) -> Answer {
        await documents.refresh()
        return .response(try document.answer(to: call.request.head))
    }
}

extension PublicDocument {
    /// Answers `GET` and `HEAD`.
    func answer(to head: RequestHead) throws(APIError) -> Response {
        do throws(PreconditionFailed) {
            return try response(to: head)
        } catch {
            throw APIError(error)
        }
    }
}

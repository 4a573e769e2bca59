// SPDX-License-Identifier: Apache-2.0

/// What an endpoint takes and what it gives when it grants a request: the source of the API's description.
package struct Operation: Sendable {
    /// What is done, in a few words.
    package let summary: String
    /// The content that a request may have.
    package let content: Content
    /// The status of a response that grants the request.
    package let status: Int
    /// The content of that response.
    package let response: ResponseContent

    init(_ summary: String, takes content: Content = .none, gives response: ResponseContent, status: Int = 200) {
        self.summary = summary
        self.content = content
        self.response = response
        self.status = status
    }

    /// The content of a request.
    package enum Content: Sendable {
        /// None is read.
        case none
        /// A JSON object, or a form of the same members.
        case members(ObjectShape)
        /// A form alone.
        case form(ObjectShape)

        var shape: ObjectShape? {
            switch self {
            case .none: nil
            case .members(let shape), .form(let shape): shape
            }
        }
    }

    /// The content of a response.
    package enum ResponseContent: Sendable {
        case none
        case json(ObjectShape)
        /// A document of another media type.
        case document(mediaType: String)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardHTTP

/// The named values of a request's body: the members of a JSON object, or the parameters of a form.
///
/// Names that an endpoint does not know are ignored, as OAuth does (RFC 6749 §3.2).
struct RequestMembers {
    private enum Form {
        case json(JSONObject)
        case form(FormParameters)
    }

    private let form: Form
    private let shape: ObjectShape

    /// Reads the content of a request.
    ///
    /// - Throws: ``APIError/unsupportedMediaType`` unless it is JSON or a form, or ``APIError/formExpected`` where only a form is
    ///   read; ``APIError/unsupportedContentCoding`` if it is compressed; ``APIError/invalidRequest(_:)`` if it is malformed, or
    ///   names something twice.
    init(of request: Request, as content: Operation.Content) throws(APIError) {
        shape = content.shape ?? ObjectShape()
        guard !request.body.isEmpty else {
            form = .json(JSONObject())  // No content, whatever its label says.
            return
        }
        if case .form = content { try Self.checkForm(of: request.head) }
        switch try Self.mediaType(of: request.head) {
        case nil:
            throw .unsupportedMediaType
        case .json:
            // RFC 8259 §8.1 lets a parser ignore it; some editors and clients write one.
            let text = request.body.withoutByteOrderMark
            do {
                var limits = JSONLimits()
                limits.maximumStringBytes = 65_536  // The route's body limit is what bounds a string here.
                form = .json(text.isEmpty ? JSONObject() : try JSONObject(parsing: text, limits: limits))
            } catch {
                throw .invalidRequest("The body is not one JSON object: \(error.words) at byte \(error.offset).")
            }
        case .form:
            do {
                form = .form(try FormParameters(parsing: request.body))
            } catch {
                throw .invalidRequest("The body is not a well-formed form: \(error.words).")
            }
        }
    }

    /// Throws if the head alone says that the content, which is announced, will not be read.
    static func check(_ head: RequestHead, for content: Operation.Content) throws(APIError) {
        switch content {
        case .none: break
        case .form: try checkForm(of: head)
        case .members: guard try mediaType(of: head) != nil else { throw .unsupportedMediaType }
        }
    }

    private static func checkForm(of head: RequestHead) throws(APIError) {
        guard head.value(of: "content-type").flatMap(MediaType.init) == .form else { throw .formExpected }
    }

    /// Returns the type of the body, or `nil` if the head names none.
    private static func mediaType(of head: RequestHead) throws(APIError) -> MediaType? {
        guard let field = head.value(of: "content-type") else { return nil }
        guard head.values(of: "content-encoding").allSatisfy(Self.isIdentity) else { throw .unsupportedContentCoding }
        guard let type = MediaType(field) else { throw .unsupportedMediaType }
        return type
    }

    /// Whether a list of codings, which may be empty, changes nothing.
    private static func isIdentity(_ codings: [UInt8]) -> Bool {
        codings.split(separator: UInt8(ascii: ",")).allSatisfy { coding in
            ["", "identity"].contains(String(decoding: coding, as: UTF8.self).trimmingBlanks.lowercased())
        }
    }

    /// Traps if an endpoint reads a member that it does not declare: the API's description would lack it.
    private func checkIsDeclared(_ name: String) { precondition(shape.has(name), "\(name) is not declared") }

    /// Returns a text, or `nil` if it is absent or null; what is empty in a form is absent (RFC 6749 §3.2).
    func text(_ name: String) throws(APIError) -> String? {
        checkIsDeclared(name)
        switch form {
        case .form(let parameters): return parameters[name].flatMap { $0.isEmpty ? nil : $0 }
        case .json(let object):
            guard let value = object[name], value != .null else { return nil }
            guard let text = value.string else { throw .invalidRequest("\(name) must be a string.") }
            return text
        }
    }

    /// Returns a text.
    func requiredText(_ name: String) throws(APIError) -> String {
        if case .form(let parameters) = form, let value = parameters[name] { return value }
        guard let text = try text(name) else { throw .invalidRequest("\(name) is missing.") }
        return text
    }

    /// Returns whether a flag is set; one that is absent or null is not.
    ///
    /// In a form it is the word `true` or `false`.
    func flag(_ name: String) throws(APIError) -> Bool {
        checkIsDeclared(name)
        switch form {
        case .form:
            switch try text(name) {
            case "true": return true
            case "false", nil: return false
            default: break
            }
        case .json(let object):
            guard let value = object[name], value != .null else { return false }
            if let flag = value.boolean { return flag }
        }
        throw .invalidRequest("\(name) must be true or false.")
    }

    /// Returns a list of texts without repetitions, or `nil` if it is absent or null.
    ///
    /// In JSON an array of strings, or one string where `allowsString`; in a form the words between blanks.
    func names<Name>(_ name: String, allowsString: Bool = false) throws(APIError) -> Distinct<Name>? {
        checkIsDeclared(name)
        let texts: [String]
        switch form {
        case .form(let parameters):
            guard let value = parameters[name], !value.isEmpty else { return nil }
            texts = value.split(separator: " ").map(String.init)
        case .json(let object):
            guard let value = object[name], value != .null else { return nil }
            if allowsString, let text = value.string {
                texts = [text]
            } else if let strings = value.strings {
                texts = strings
            } else {
                throw .invalidRequest(
                    "\(name) must be \(allowsString ? "a string or " : "")an array of strings.")
            }
        }
        guard !texts.isEmpty else { throw .invalidRequest("\(name) is empty; name one, or leave it out.") }
        return Distinct(distinct: texts)
    }
}

extension RequestMembers {
    /// Returns the audiences that are asked for, or `nil`: `audience`, or `resource`, by which RFC 8707 calls it.
    func audience() throws(APIError) -> Audiences? {
        let audience: Audiences? = try names("audience", allowsString: true)
        let resource: Audiences? = try names("resource", allowsString: true)
        guard audience == nil || resource == nil else {
            throw .invalidRequest("audience and resource are one thing; send one of them.")
        }
        return audience ?? resource
    }
}

/// The types of body that endpoints read.
private enum MediaType {
    case json
    case form

    /// Reads a `Content-Type` (RFC 9110 §8.3); `nil` for other types, and for a charset that is not UTF-8.
    init?(_ field: [UInt8]) {
        let parts = String(decoding: field, as: UTF8.self).lowercased().split(
            separator: ";", omittingEmptySubsequences: false
        ).map(\.trimmingBlanks)
        for parameter in parts.dropFirst() where parameter.hasPrefix("charset=") {
            guard Self.labelsOfUTF8.contains(parameter.dropFirst("charset=".count).filter { $0 != "\"" }) else {
                return nil
            }
        }
        switch parts.first {
        case "application/json": self = .json
        case "application/x-www-form-urlencoded": self = .form
        default: return nil
        }
    }

    /// The names that the Encoding Standard has for UTF-8 (WHATWG, "names and labels").
    private static let labelsOfUTF8: Set<String> = [
        "utf-8", "utf8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8",
    ]
}

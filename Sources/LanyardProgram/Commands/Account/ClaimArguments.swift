// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding

/// Claims as the command line gives them: `NAME=TEXT`, or `NAME:=JSON`.
enum ClaimArguments {
    /// Returns all claims as one object.
    ///
    /// - Throws: A failure with status 64 for an argument of another form, or 65 for one that is no JSON or names a claim
    ///   twice.
    static func object(_ arguments: [String]) throws(Failure) -> JSONObject {
        var object = JSONObject()
        for argument in arguments {
            guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
                throw Failure(.usage, "a claim is NAME=TEXT or NAME:=JSON, not '\(argument)'")
            }
            var name = argument[..<sign]
            let text = String(argument[argument.index(after: sign)...])
            var value = JSONValue.string(text)
            if name.last == ":" {
                name = name.dropLast()
                do {
                    value = try JSONValue(parsing: Array(text.utf8))
                } catch {
                    throw Failure(.data, "the claim \(name) is not JSON: \(error.words) at byte \(error.offset)")
                }
            }
            guard !name.isEmpty else { throw Failure(.usage, "a claim is NAME=TEXT or NAME:=JSON, not '\(argument)'") }
            guard object[String(name)] == nil else { throw Failure(.data, "the claim \(name) is given twice") }
            object[String(name)] = value
        }
        return object
    }
}

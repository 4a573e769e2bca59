// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding

/// How a command prints a list: a line for each element as they come, or one JSON array of all.
struct Listing {
    let isJSON: Bool

    /// Prints a list that is there.
    func write(_ elements: [some Listable]) throws(Failure) {
        if isJSON { return try writeArray(elements.map(\.json)) }
        try writeResult(elements.map(\.line).joined())
    }

    /// Prints a list while it is read.
    ///
    /// - Parameters:
    ///   - pages: The list.
    ///   - failure: Says why it could not be read.
    /// - Throws: The failure to read, or to write with status 73.
    func write<Element: Listable, Cause: Error>(
        _ pages: Pages<Element, Cause>, orFail failure: (Cause) -> Failure
    ) async throws(Failure) {
        var pages = pages
        var values: [JSONValue] = []
        while let page = try await rethrowing(as: failure, await pages.next()) {
            if isJSON { values += page.map(\.json) } else { try write(page) }
        }
        if isJSON { try writeArray(values) }
    }

    private func writeArray(_ values: [JSONValue]) throws(Failure) {
        try writeResult(JSONValue.array(values).text + "\n")
    }
}

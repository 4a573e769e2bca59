// SPDX-License-Identifier: Apache-2.0

import LanyardAPI
import LanyardCoding
import LanyardHTTP
import TestSupport
import Testing

/// Holds responses against what the routes declare of them.
struct DeclaredOperations: Sendable {
    private let operations: [String: LanyardAPI.Operation]

    init(_ interfaces: [Interface]) {
        let named = interfaces.flatMap(\.operations).map { ("\($0.method.rawValue) \($0.path)", $0.operation) }
        operations = Dictionary(named) { first, _ in first }
    }

    /// Records an issue if a response that grants the request is other than its route declares.
    func check(_ response: RawResponse, to method: String, _ target: String) {
        let path = String(target.prefix { $0 != "?" })
        let parent = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        guard 200..<300 ~= response.status,
            let operation = operations["\(method) \(path)"] ?? operations["\(method) \(parent){id}"]
        else { return }
        #expect(response.status == operation.status, "\(method) \(path)")
        let type = response["content-type"]
        switch operation.response {
        case .none: #expect(response.body.isEmpty, "\(method) \(path)")
        case .document(let mediaType): #expect(type == mediaType, "\(method) \(path)")
        case .json(let shape):
            if type == "application/jwt" || response["content-encoding"] != nil { return }
            var limits = JSONLimits()
            limits.maximumStringBytes = 65_536  // Tokens are longer than what readers usually take.
            guard let object = try? JSONObject(parsing: response.body, limits: limits) else {
                Issue.record("\(method) \(path): no JSON")
                return
            }
            for difference in shape.differences(from: object) { Issue.record("\(method) \(path): \(difference)") }
        }
    }
}

extension ObjectShape {
    /// Returns what is other in `object` than declared, in words.
    func differences(from object: JSONObject) -> [String] {
        var differences = object.members.filter { found in !members.contains { $0.name == found.name } }
            .map { "\($0.name) is not declared" }
        for member in members {
            switch object[member.name] {
            case nil: if !member.isOptional { differences.append("\(member.name) is missing") }
            case .null?: if !member.isNullable { differences.append("\(member.name) is null") }
            case let value?: differences += member.value.differences(from: value).map { "\(member.name) \($0)" }
            }
        }
        return differences
    }
}

extension ObjectShape.Value {
    fileprivate func differences(from value: JSONValue) -> [String] {
        switch self {
        case .string, .secret: value.string == nil ? ["is no string"] : []
        case .time: value.string?.hasSuffix("Z") == true ? [] : ["is no time"]
        case .integer: value.integer == nil ? ["is no integer"] : []
        case .boolean: value.boolean == nil ? ["is no boolean"] : []
        case .strings: value.strings == nil ? ["is no array of strings"] : []
        case .stringOrStrings: value.string == nil && value.strings == nil ? ["is neither a string nor several"] : []
        case .object(let shape): value.object.map(shape.differences) ?? ["is no object"]
        case .objects(let shape):
            value.array.map { $0.flatMap { $0.object.map(shape.differences) ?? ["has no objects"] } } ?? ["is no array"]
        case .anyObject: value.object == nil ? ["is no object"] : []
        case .anyObjects: value.array?.allSatisfy { $0.object != nil } == true ? [] : ["is no array of objects"]
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A JSON object as Foundation reads it, which is not the reader of the program under test.
struct JSONObject {
    private let values: [String: Any]

    init(_ bytes: [UInt8]) throws {
        guard let values = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
            throw Failure("not an object: \(String(decoding: bytes, as: UTF8.self))")
        }
        self.init(values)
    }

    init(_ text: String) throws {
        try self.init(Array(text.utf8))
    }

    init(_ values: [String: Any]) {
        self.values = values
    }

    /// Reads an array of objects.
    static func array(_ text: String) throws -> [JSONObject] {
        guard let values = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] else {
            throw Failure("not an array of objects: \(text)")
        }
        return values.map(JSONObject.init)
    }

    /// The names of the members.
    var names: Set<String> { Set(values.keys) }

    func string(_ name: String) throws -> String { try value(name) }
    func strings(_ name: String) throws -> [String] { try value(name) }
    func object(_ name: String) throws -> JSONObject { JSONObject(try value(name) as [String: Any]) }
    func objects(_ name: String) throws -> [JSONObject] { (try value(name) as [[String: Any]]).map(JSONObject.init) }

    /// A member that is `true` or `false`, and not a number.
    func bool(_ name: String) throws -> Bool {
        let number: NSNumber = try value(name)
        guard Self.isBoolean(number) else { throw Failure("\(name) is no boolean") }
        return number.boolValue
    }

    /// A member that is a whole number, and not `true` or `false`.
    func integer(_ name: String) throws -> Int {
        let number: NSNumber = try value(name)
        guard !Self.isBoolean(number), let integer = Int(number.stringValue) else {
            throw Failure("\(name) is no whole number: \(number)")
        }
        return integer
    }

    /// Whether a member is there and `null`.
    func isNull(_ name: String) -> Bool { values[name] is NSNull }

    /// Foundation keeps `true` and `false` as numbers of one signed byte, and whole numbers as wider ones.
    private static func isBoolean(_ number: NSNumber) -> Bool {
        unsafe number.objCType.pointee == CChar(bitPattern: UInt8(ascii: "c"))
    }

    private func value<Value>(_ name: String) throws -> Value {
        guard let value = values[name] as? Value else {
            throw Failure("\(name) is \(values[name] ?? "missing"), not a \(Value.self)")
        }
        return value
    }
}

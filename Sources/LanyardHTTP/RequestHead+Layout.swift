// SPDX-License-Identifier: Apache-2.0

extension RequestHead {
    /// Copies the head that `layout` finds in `bytes` into values of its own.
    init(_ layout: HeadLayout, of bytes: Span<UInt8>) {
        let target = RequestTarget(layout.line.target, of: bytes)
        var fields: [Field] = []
        fields.reserveCapacity(layout.fieldCount)
        var start = layout.fieldsStart
        // Every line was checked: it has an end and a colon. The last one is empty.
        while let end = bytes.firstOffset(of: .carriageReturn, in: start..<layout.end),
            let line = FieldLine(bytes, line: start..<end)
        {
            fields.append(Field(bytes, line))
            start = end + 2
        }
        self.init(method: layout.line.method, target: target, minorVersion: layout.line.minorVersion, fields: fields)
        let authority = layout.line.target.authority
        if !authority.isEmpty { self.authority = bytes.copy(of: authority.offsets) }
    }
}

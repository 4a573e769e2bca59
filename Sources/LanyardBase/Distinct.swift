// SPDX-License-Identifier: Apache-2.0

/// Names in their order, each once.
///
/// It is the array of texts that it was made from, so that it costs nothing to make one of what a token or a row holds, nor to
/// write it as JSON.
package struct Distinct<Element: ByteString>: Sendable {
    /// The texts, for JSON and columns.
    package let texts: [String]

    /// Takes over texts of which each is known to be there once.
    package init(trusted texts: [String]) {
        self.texts = texts
    }

    /// Takes over texts from outside; one given twice counts once, in its first place.
    package init(distinct texts: [String]) {
        var known: Set<Element> = []
        self.texts = texts.count < 2 ? texts : texts.filter { known.insert(Element($0)).inserted }
    }

    /// Whether `element` is one of these.
    package func contains(_ element: Element) -> Bool { texts.containsBytes(of: element.text) }

    /// Whether each of these is one of `others`.
    package func isSubset(of others: Self) -> Bool { texts.allSatisfy(others.texts.containsBytes) }

    /// Returns those that are included, in the order of these.
    package func filter(_ isIncluded: (Element) -> Bool) -> Self {
        allSatisfy(isIncluded) ? self : Self(trusted: texts.filter { isIncluded(Element($0)) })
    }

    /// Returns those that are also among `others`, in the order of these.
    package func intersection(_ others: Self) -> Self {
        isSubset(of: others) ? self : Self(trusted: texts.filter(others.texts.containsBytes))
    }

    /// Returns those that are not among `others`, in the order of these.
    package func subtracting(_ others: Self) -> Self {
        Self(trusted: texts.filter { !others.texts.containsBytes(of: $0) })
    }

    /// Returns these and, after them, those of `others` that are new.
    package func union(_ others: Self) -> Self { Self(trusted: texts + others.subtracting(self).texts) }

    /// How many bytes the list is in JSON: each text with its quotes and a comma.
    package var byteCount: Int { texts.reduce(0) { $0 + $1.utf8.count + 3 } }

    /// The texts with `separator` between them.
    package func joined(separator: String) -> String { texts.joined(separator: separator) }
}

extension Distinct: Equatable {
    /// Whether both lists have the same bytes in the same order.
    package static func == (left: Self, right: Self) -> Bool {
        left.texts.elementsEqual(right.texts) { $0.hasSameBytes(as: $1) }
    }
}

extension Distinct: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { texts.count }
    package subscript(index: Int) -> Element { Element(texts[index]) }
}

extension Distinct: ExpressibleByArrayLiteral {
    /// Creates a list in the code; of a name given twice the first is kept.
    package init(arrayLiteral elements: Element...) {
        self.init(distinct: elements.map(\.text))
    }
}

extension [String] {
    fileprivate func containsBytes(of text: String) -> Bool { contains { $0.hasSameBytes(as: text) } }
}

// SPDX-License-Identifier: Apache-2.0

/// Roles in their order, each once.
package typealias Roles = Distinct<Role>

extension Roles {
    /// Takes over roles that an operator gives; one given twice counts once.
    ///
    /// - Throws: ``NotAWord`` for the first that is not 1 to 64 of `A-Za-z0-9._:-`.
    package init(checking texts: [String]) throws(NotAWord) {
        for text in texts { _ = try Role(checking: text) }
        self.init(distinct: texts)
    }
}

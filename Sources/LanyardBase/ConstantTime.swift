// SPDX-License-Identifier: Apache-2.0

/// Returns whether two byte strings are equal, in a time that depends on their lengths alone.
///
/// For MACs, digests and everything else whose first wrong byte an attacker could find by timing (RFC 2104 §5 leaves
/// this to the implementer).
@inline(never)
package func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices {
        difference |= left[index] ^ right[index]
    }
    return difference == 0
}

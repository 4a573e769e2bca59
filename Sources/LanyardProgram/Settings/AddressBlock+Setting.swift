// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardHTTP

extension SettingKind<AddressBlock> {
    /// A block of addresses.
    package static let addressBlock = Self("an address block such as 10.0.0.0/8 or 2001:db8::/32") { AddressBlock($0) }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCrypto
internal import LanyardStore

/// Makes what failed tries are counted under: MACs, so that a copy of the store tells neither names nor networks.
struct TryKeys: Sendable {
    private let code: HMACSHA256

    /// Whose name is claimed: accounts and clients are counted apart.
    enum Kind: UInt8 {
        case client = 1
    }

    /// What a key stands for, as the first byte of what the MAC is of.
    private enum Purpose: UInt8 {
        case pair = 1, network
    }

    /// Derives the key from the one that seals passwords.
    init(_ seal: PasswordSeal) {
        code = seal.code(for: "lanyard keys of failed tries")
    }

    /// Returns what a try of a client is counted under.
    ///
    /// No account: a client's secret of 256 random bits is not guessed, from however many networks, and with a limit of its
    /// own a stranger could keep the service out that has it.
    func ofClient(_ id: ClientID, at address: PeerAddress) -> AuthenticationTry {
        let network = TryNetwork(address)
        return AuthenticationTry(
            pair: key(.pair, [Kind.client.rawValue] + sized(id.text) + sized(network.description)),
            network: network.subscriber.map { key(.network, sized($0.description)) },
            site: network.site.map { key(.network, sized($0.description)) }, account: nil)
    }

    private func key(_ purpose: Purpose, _ message: [UInt8]) -> [UInt8] {
        Array(code.authenticationCode(for: [purpose.rawValue] + message).prefix(Self.byteCount))
    }

    /// Returns `text` with its length before it, so that no two lists of texts make the same bytes.
    private func sized(_ text: String) -> [UInt8] {
        let count = text.utf8.count
        return stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: count >> $0) } + Array(text.utf8)
    }

    /// 128 bits: nobody finds two names with one key, and the indexes stay small.
    private static let byteCount = 16
}

/// The networks that tries from one address are counted under.
private struct TryNetwork: CustomStringConvertible {
    /// The address, or its /64; `nil` for a process of this host, which is no network.
    let subscriber: AddressBlock?
    /// The /48 of IPv6.
    let site: AddressBlock?

    init(_ address: PeerAddress) {
        switch address {
        case .local:
            subscriber = nil
            site = nil
        case .ip(let address):
            switch address {
            case .version4:
                subscriber = AddressBlock(containing: address, prefixLength: 32)
                site = nil
            case .version6:
                subscriber = AddressBlock(containing: address, prefixLength: 64)
                site = AddressBlock(containing: address, prefixLength: 48)
            }
        }
    }

    var description: String { subscriber?.description ?? "local" }
}

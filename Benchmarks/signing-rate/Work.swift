// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardCrypto
internal import LanyardPasswords
internal import LanyardStore
internal import LanyardVerifier

/// The tokens of one account, as `POST /refresh` makes them and as services check them.
struct Work: Sendable {
    struct UnknownAlgorithm: Error {
        let name: String
    }

    /// One of the tokens.
    let token: String

    private let key: SigningKey
    private let keys: KeySet
    private let session: Session
    private let account: Account

    init(_ name: String) throws {
        guard let algorithm = SigningAlgorithm(rawValue: name) else { throw UnknownAlgorithm(name: name) }
        let pair = try PrivateKey.generate(algorithm, rsaBits: 2_048)
        let published = try JSONWebKey(pair.publicKey)
        key = SigningKey(kid: KeyID(published.thumbprint), key: pair)
        keys = KeySet([published])
        account = Account(
            id: "01J9ZQ4S3F8RM2V7KX0B5TNWCE", name: "alice", nameKey: "alice", email: nil,
            roles: ["reader", "writer"], claims: #"{"tenant":"north"}"#, password: [], createdAt: Self.now)
        session = Session(
            id: "kP2xW0cY7uQ9dF4hJ6sLzA", accountID: account.id, current: 1, previous: 0, rotatedAt: Self.now,
            createdAt: Self.now, endedAt: nil, cause: nil, tokensUntil: Self.now + .seconds(86_400),
            audience: Self.policy.audience, roles: nil, delivery: .body, label: nil, network: nil)
        let issuer = try AccessTokenIssuer(Self.policy, key: key)
        token = String(decoding: try Self.makeToken(issuer, session, account), as: UTF8.self)
    }

    /// What a thread does to make a token.
    func signing() throws -> () throws -> Void {
        let issuer = try AccessTokenIssuer(Self.policy, key: key)
        return { [session, account] in _ = try Self.makeToken(issuer, session, account) }
    }

    /// What a thread does to check a token.
    func verifying() -> () throws -> Void {
        let verifier = Verifier(issuer: Self.issuer, audience: "lanyard")
        let now = NumericDate(Double(Self.now.seconds))
        return { [token, keys] in _ = try verifier.verify(token, keys: keys, at: now) }
    }

    private static func makeToken(
        _ issuer: AccessTokenIssuer, _ session: Session, _ account: Account
    ) throws -> [UInt8] {
        try issuer.token(for: session, of: account, sessionEnd: session.tokensUntil, at: now).token
    }

    private static let policy = TokenPolicy(
        issuer: IssuerURL(issuer, origin: issuer, path: ""), accessLifetime: .seconds(900),
        audience: ["lanyard", "feeds"], type: "at+jwt")

    private static let issuer = "https://login.example.com"
    private static let now = UnixTime(seconds: 1_800_000_000)
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto
internal import LanyardVerifier

/// What it costs a service to know whether a token was revoked: a list of 2^20 entries with 10,000 set, RS256.
struct StatusCost {
    private let verifier = Verifier(issuer: Self.issuer, audience: "feeds")
    private let keys: KeySet
    private let list: [UInt8]
    private let token: String

    init() throws {
        let key = try PrivateKey.generate(.rs256, rsaBits: 2_048)
        let published = try JSONWebKey(key.publicKey)
        keys = KeySet([published])
        var bytes = [UInt8](repeating: 0, count: Self.entries / 8)
        var indexes = Set<Int>()
        while indexes.count < Self.revoked { indexes.insert(Int.random(in: 0..<Self.entries)) }
        for index in indexes { bytes[index / 8] |= 1 << UInt8(index % 8) }
        let index = (0..<Self.entries).first { !indexes.contains($0) } ?? 0
        let lst = Base64URL.encode(Deflate.zlibOfRuns(bytes))
        func sign(_ type: String, _ claims: String) throws -> String {
            let header = #"{"alg":"RS256","kid":"\#(published.thumbprint)","typ":"\#(type)"}"#
            let message = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
            return message + "." + Base64URL.encode(try key.sign(Array(message.utf8)))
        }
        list = try Array(
            sign(
                "statuslist+jwt",
                """
                {"iss":"\(Self.issuer)","sub":"\(Self.uri)","iat":1800000000,"exp":1800003600,"ttl":60,\
                "status_list":{"bits":1,"lst":"\(lst)"}}
                """
            ).utf8)
        token = try sign(
            "at+jwt",
            """
            {"iss":"\(Self.issuer)","sub":"01J9ZQ4S3F8RM2V7KX0B5TNWCE","aud":["lanyard","feeds"],"exp":1800000900,\
            "iat":1800000000,"nbf":1800000000,"jti":"kP2xW0cY7uQ9dF4hJ6sLzA","client_id":"lanyard","roles":["reader"],\
            "sid":"kP2xW0cY7uQ9dF4hJ6sLzA","status":{"status_list":{"idx":\(index),"uri":"\(Self.uri)"}}}
            """)
    }

    /// Measures, and returns what was measured as JSON.
    func measured(for time: Duration) async throws -> String {
        let before = try Self.beginPeak()
        let accepted = try verifier.statusList(parsing: list, for: Self.uri, keys: keys, at: Self.now)
        let peak = try Self.memoryKiB("VmHWM:") - before

        let accepting = try Rate.measured(threads: 1, for: time) {
            { [verifier, list, keys] in
                _ = try verifier.statusList(parsing: list, for: Self.uri, keys: keys, at: Self.now)
            }
        }
        let verified = try verifier.verify(token, keys: keys, at: Self.now)
        let looking = try Rate.measured(threads: 1, for: time) {
            { [verifier] in try verifier.requireValid(verified, in: accepted, at: Self.now) }
        }
        let keyCache = KeySetCache { [keys] in keys.json }
        let statuses = StatusListCache(inOutage: .refuse) { [list] _ in list }
        let plain = try await Self.nanoseconds(for: time) {
            _ = try await verifier.verify(token, keys: keyCache, at: Self.now)
        }
        let checked = try await Self.nanoseconds(for: time) {
            _ = try await verifier.verify(token, keys: keyCache, statuses: statuses, at: Self.now)
        }
        return """
            {"list_token_bytes":\(list.count),"accepting":\(accepting.json),"accepting_peak_kib":\(peak),\
            "looking_up":\(looking.json),"verify_ns":\(plain),"verify_with_status_ns":\(checked)}
            """
    }

    /// CPU time of one of many calls that follow one another.
    private static func nanoseconds(for time: Duration, _ work: () async throws -> Void) async throws -> Int {
        for _ in 0..<20 { try await work() }
        let clock = ContinuousClock()
        let (start, cpuStart) = (clock.now, cpuNanoseconds())
        var count = 0
        repeat {
            try await work()
            count += 1
        } while clock.now - start < time
        return (cpuNanoseconds() - cpuStart) / count
    }

    private static func cpuNanoseconds() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// Lets the kernel forget the most memory so far, and returns what is in use (proc(5)).
    private static func beginPeak() throws -> Int {
        let file = unsafe open("/proc/self/clear_refs", O_WRONLY)
        defer { close(file) }
        guard unsafe write(file, "5", 1) == 1 else { throw Unmeasured() }
        return try memoryKiB("VmRSS:")
    }

    private static func memoryKiB(_ name: String) throws -> Int {
        var text = [UInt8](repeating: 0, count: 8_192)
        let file = unsafe open("/proc/self/status", O_RDONLY)
        defer { close(file) }
        let count = unsafe read(file, &text, text.count)
        let line = String(decoding: text.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix(name) }
        guard let words = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }), words.count == 3,
            let number = Int(words[1])
        else { throw Unmeasured() }
        return number
    }

    private struct Unmeasured: Error {}

    private static let entries = 1 << 20
    private static let revoked = 10_000
    private static let issuer = "https://login.example.com"
    private static let uri = "https://login.example.com/status/1"
    private static let now = NumericDate(1_800_000_000)
}

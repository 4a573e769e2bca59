// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCoding
import LanyardProgram
import Logging
import Testing

@Suite struct `A line of the log` {
    /// What a sink wrote, one element for each call.
    final class Lines: Sendable {
        private let all = Guarded<[String]>([])
        var texts: [String] { all.withLock { $0 } }
        @Sendable func take(_ bytes: [UInt8]) { all.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
    }

    let lines = Lines()
    let sink: LogSink

    init() {
        sink = LogSink(
            level: .info, format: .json, clock: { UnixTime(milliseconds: 1_767_323_045_678) }, output: lines.take)
    }

    @Test func `has the members of the contract in their order, and no others`() {
        var logger = sink.logger()
        logger[metadataKey: "client_ip"] = "192.0.2.1"
        logger.info(
            "signed in",
            metadata: [
                "zone": "x", "sid": "s1", "reason": "r", "account": "a1",
                "dur_ms": .stringConvertible(Duration.microseconds(1_234)),
                "status": .stringConvertible(200), "route": "/login", "method": "POST", "request_id": "id",
                "event": "login",
                "ok": .stringConvertible(true), "list": .array(["a", .stringConvertible(2)]),
                "map": .dictionary(["k": "v"]), "ts": "forged", "level": "forged", "msg": "forged",
            ])
        #expect(
            lines.texts == [
                #"{"ts":"2026-01-02T03:04:05.678Z","level":"info","event":"login","msg":"signed in","request_id":"id","#
                    + #""client_ip":"192.0.2.1","method":"POST","route":"/login","status":200,"dur_ms":1.234,"account":"a1","#
                    + #""sid":"s1","reason":"r","list":["a",2],"map":{"k":"v"},"ok":true,"zone":"x"}"# + "\n"
            ])
    }

    @Test func `has numbers also where they were given as text`() {
        sink.logger().info("x", metadata: ["status": "401", "dur_ms": "12", "account": "7"])
        #expect(
            lines.texts == [
                #"{"ts":"2026-01-02T03:04:05.678Z","level":"info","msg":"x","status":401,"dur_ms":12,"account":"7"}"#
                    + "\n"
            ])
    }

    @Test func `has nothing that does not apply`() {
        sink.logger().warning("started")
        #expect(lines.texts == [#"{"ts":"2026-01-02T03:04:05.678Z","level":"warning","msg":"started"}"# + "\n"])
    }

    @Test func `is one line whatever is in it`() throws {
        let evil = "a\r\n{\"event\":\"login\"}\u{0}\u{1B}[2J\u{9B}\u{202E}\u{2028}é\""
        sink.logger().error("\(evil)", metadata: ["\(evil)": "\(evil)", "event": "\(evil)"])
        sink.apply(level: .info, format: .text)
        sink.logger().error("\(evil)", metadata: ["\(evil)": "\(evil)", "event": "\(evil)"])
        for line in lines.texts {
            #expect(line.unicodeScalars.filter { $0.properties.generalCategory == .control } == ["\n"])
            #expect(line.hasSuffix("\n"))
            #expect(line.unicodeScalars.allSatisfy { ![0x202E, 0x2028, 0x9B].contains($0.value) })
        }
        let object = try JSONObject(parsing: Array(try #require(lines.texts.first).utf8))
        #expect(object["msg"]?.string == "a\r\n{\"event\":\"login\"}\u{0}\u{1B}[2J\\u009b\\u202e\\u2028é\"")
    }

    @Test func `is bounded`() throws {
        sink.logger().error(
            "\(String(repeating: "é", count: 100_000))",
            metadata: ["reason": "\(String(repeating: "x", count: 100_000))"])
        #expect(try #require(lines.texts.first).utf8.count < 5_000)
    }

    @Test func `can be read by a person`() {
        sink.apply(level: .info, format: .text)
        sink.logger().notice(
            "no such account",
            metadata: ["event": "login_failed", "status": .stringConvertible(401), "reason": "two words", "sid": ""])
        #expect(
            lines.texts == [
                #"2026-01-02T03:04:05.678Z notice  login_failed: no such account status=401 sid="" reason="two words""#
                    + "\n"
            ])
    }

    @Test func `is written from its level up, and the level can change while loggers are in use`() {
        let logger = sink.logger()
        var loud = sink.logger()
        loud.logLevel = .debug
        logger.debug("1")
        loud.debug("2")
        sink.apply(level: .debug, format: .json)
        logger.debug("3")
        sink.apply(level: .error, format: .json)
        logger.warning("4")
        #expect(lines.texts.map { $0.contains(#""2""#) || $0.contains(#""3""#) } == [true, true])
    }

    @Test func `holds no secret and tells an error`() {
        sink.logger().error(
            "failed", error: StoreGone.away(seconds: 3), metadata: ["key": .stringConvertible(Secret("hunter2"))])
        #expect(
            lines.texts == [
                #"{"ts":"2026-01-02T03:04:05.678Z","level":"error","msg":"failed","error":"away(seconds: 3)","key":"<secret>"}"#
                    + "\n"
            ])
    }

    enum StoreGone: Error { case away(seconds: Int) }
}

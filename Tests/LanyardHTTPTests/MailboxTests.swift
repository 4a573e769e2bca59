// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LanyardBase
import LanyardHTTP
import Testing

@Suite struct `Loop mailbox` {
    /// A mailbox and how often it woke its loop.
    private final class Counted: Sendable {
        let wakes = Guarded(0)
        func mailbox(capacity: Int = 10) -> Mailbox {
            Mailbox(capacity: capacity) { [self] in wakes.withLock { $0 += 1 } }
        }
        var count: Int { wakes.withLock(\.self) }
    }

    private func key(_ serial: UInt64) -> ExchangeKey { ExchangeKey(slot: 5, serial: serial) }

    @Test func `wakes its loop once for all that comes before it is emptied`() {
        let counted = Counted()
        let mailbox = counted.mailbox()
        mailbox.post(.response(Response(status: 200)), for: key(1))
        mailbox.post(.response(Response(status: 201)), for: key(2))
        mailbox.post(.drain)
        #expect(counted.count == 1)
        let content = mailbox.empty()
        #expect(content.letters.map(\.key) == [key(1), key(2)])
        #expect(content.commands.count == 1)
        mailbox.post(.stop)
        #expect(counted.count == 2)
    }

    @Test func `drops a letter that does not fit and takes an order always`() {
        let mailbox = Counted().mailbox(capacity: 2)
        for serial in 1...3 { mailbox.post(.response(Response(status: 200)), for: key(UInt64(serial))) }
        mailbox.post(.stop)
        let content = mailbox.empty()
        #expect(content.letters.map(\.key) == [key(1), key(2)])
        #expect(content.commands.count == 1)
    }

    @Test func `is silent when it is closed`() {
        let counted = Counted()
        let mailbox = counted.mailbox()
        #expect(mailbox.close().isEmpty)
        mailbox.post(.response(Response(status: 200)), for: key(1))
        #expect(counted.count == 0)
        #expect(mailbox.empty().letters.isEmpty)
        #expect(mailbox.isAbandoned(key(1)))
    }

    @Test func `remembers an abandoned exchange until its completion is taken`() {
        let mailbox = Counted().mailbox()
        let ticket = ExchangeTicket(loop: LoopExecutor(mailbox, DispatchQueue(label: "loop")), key: key(1))
        #expect(!ticket.isAbandoned)
        mailbox.abandon(key(1))
        #expect(ticket.isAbandoned)
        #expect(!ExchangeTicket(loop: LoopExecutor(mailbox, DispatchQueue(label: "loop")), key: key(2)).isAbandoned)
        ticket.complete(with: .response(Response(status: 200)))
        #expect(ticket.isAbandoned)
        _ = mailbox.empty()
        #expect(!ticket.isAbandoned)
    }

    @Test func `loses nothing that many queues put in at once`() {
        let arrived = DispatchSemaphore(value: 0)
        let mailbox = Mailbox(capacity: 100_000) { arrived.signal() }
        let writers = DispatchGroup()
        for writer in 0..<4 {
            DispatchQueue.global().async(group: writers) {
                for number in 0..<5_000 {
                    mailbox.post(.response(Response(status: 200)), for: key(UInt64(writer * 5_000 + number)))
                }
            }
        }
        var keys: Set<ExchangeKey> = []
        while keys.count < 20_000 {
            // Without a lost wake-up there is always one more signal until everything has come.
            guard arrived.wait(timeout: .now() + .seconds(20)) == .success else { break }
            keys.formUnion(mailbox.empty().letters.map(\.key))
        }
        #expect(keys.count == 20_000)
        writers.wait()
    }
}

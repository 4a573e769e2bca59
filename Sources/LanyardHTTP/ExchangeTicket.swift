// SPDX-License-Identifier: Apache-2.0

/// The right and duty to complete one pending exchange, exactly once, from any queue.
///
/// A small value: the loop that the connection lives on, the name of the exchange there, and the number of
/// the connection's descriptor, which is only asked about.
package struct ExchangeTicket: Sendable {
    /// Runs the task that answers, if one does.
    package let loop: LoopExecutor
    private let key: ExchangeKey
    private let descriptor: Int32

    /// Creates the ticket of the exchange that `loop` knows as `key`.
    package init(loop: LoopExecutor, key: ExchangeKey, descriptor: Int32 = -1) {
        self.loop = loop
        self.key = key
        self.descriptor = descriptor
    }

    /// Sends the answer on its way, or the work that makes it.
    ///
    /// If the client has gone or the deadline has passed, the completion is dropped, and a `work` or `step` never runs.
    /// Completing twice is a bug: the second completion is dropped, the connection closed, and the fault reported
    /// (``RequestHandler/report(_:id:)``).
    package func complete(with completion: Completion) {
        loop.mailbox.post(completion, for: key)
    }

    /// Whether the client has closed its side of the connection, or has gone altogether: as of now, even if the loop has
    /// not come to hear of it.
    ///
    /// A client that gave up looks the same as one that has only said that it will send no more (a half-close),
    /// and the latter still reads its answer. So this may stop work that can be asked for again, and what is
    /// stopped must still be completed.
    package var isAbandoned: Bool {
        // In this order: before a loop closes a connection with a pending exchange, it abandons the exchange. So if the
        // number is another connection's by now, which may be in the best of health, the mailbox knows better.
        Socket.peerHasEnded(descriptor) || loop.mailbox.isAbandoned(key)
    }
}

/// The name of an exchange on its loop; none is ever used twice.
package struct ExchangeKey: Hashable, Sendable {
    /// The slot of the connection.
    package let slot: Int
    /// The number of the exchange, counted over the loop's life.
    package let serial: UInt64

    /// Creates the name of exchange number `serial` on the connection in `slot`.
    package init(slot: Int, serial: UInt64) {
        self.slot = slot
        self.serial = serial
    }
}

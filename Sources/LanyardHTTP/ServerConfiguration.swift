// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// Where a server listens, and its limits.
package struct ServerConfiguration: Sendable {
    /// Where to listen, beside the listeners that the server inherits.
    package var listen: [ListenAddress]
    /// The number of event loops, each of which keeps one core busy at most.
    package var loops: Int
    /// The certificate that every listener speaks TLS with; `nil` is plain HTTP.
    package var tls: TLSServerContext?
    /// The sizes that a request may have.
    package var requestLimits = RequestLimits()

    /// How long a PROXY header, or a handshake of TLS, may take; then the connection is closed without a word.
    package var handshakeTimeout: Duration = .seconds(5)
    /// How long a head may take, from its first byte to its last; then 408.
    ///
    /// For the first of a connection from the moment that it is accepted; one that has not sent a byte by then is closed without
    /// a word.
    package var headerTimeout: Duration = .seconds(10)
    /// How long content may take, from the end of the head; then 408.
    package var bodyTimeout: Duration = .seconds(15)
    /// How long a connection may stay without a further request; then it is closed without a word.
    ///
    /// Longer than the 60 s of the usual proxies: they must close first, or what they send meets a connection that is closed.
    package var idleTimeout: Duration = .seconds(75)
    /// How long a handler may keep a ticket; then 500.
    package var answerTimeout: Duration = .seconds(30)
    /// How long a client may take to read the next ``writeQuantum`` bytes of an answer; then it is cut off.
    package var writeTimeout: Duration = .seconds(30)
    /// How many bytes show that a client reads; one now and then does not.
    package var writeQuantum = 1_024
    /// How long a connection stays half-closed after its last answer.
    package var lingerTimeout: Duration = .seconds(2)
    /// How many bytes are read and thrown away after the last answer, so that no reset overtakes it.
    package var lingerBytes = 4 * 1_048_576

    /// How many connections there may be at once, over all loops, 1 to 1,000,000.
    ///
    /// For one more an idle one is closed (``IdleList/Kind`` has the order); if there is none, it gets a 503.
    package var maxConnections = 10_000
    /// How many of them may come from one IPv4 address or one IPv6 /64; one more gets a 503.
    package var maxConnectionsPerIP = 1_000
    /// After how many requests a connection is closed; 0 is never.
    package var maxRequestsPerConnection = 0
    /// Whether ``maxConnectionsPerIP`` does not hold for a peer (a trusted proxy); a socket file's peers are exempt anyway.
    package var isExempt: @Sendable (IPAddress) -> Bool = { _ in false }
    /// Whether connections of a peer begin with a PROXY header (``ProxyHeader``); without one they are closed.
    ///
    /// Of all others the first bytes are their own: a header that anybody could send would tell nothing.
    package var requiresProxyHeader: @Sendable (PeerAddress) -> Bool = { _ in false }

    /// How long a draining server goes on accepting, so that load balancers can notice.
    package var drainDelay: Duration = .zero
    /// How long a draining server waits for the first request of a connection that has had none.
    package var firstRequestPatience: Duration = .seconds(1)
    /// How long a draining server waits for requests in flight, after ``drainDelay``; then they are cut.
    package var drainTimeout: Duration = .seconds(20)

    /// Called on the loop after each answer is handed to the connection; must not block.
    package var onFinish: (@Sendable (FinishedExchange) -> Void)?

    /// Creates a configuration with the default limits.
    package init(listen: [ListenAddress], loops: Int) {
        self.listen = listen
        self.loops = loops
    }
}

/// What can be said about a request once it is answered.
package struct FinishedExchange: Sendable {
    /// The id in the answer's `X-Request-Id`.
    package var id: RequestID
    /// The method, or `nil` if the bytes were no request.
    package var method: Method?
    /// The status of the answer.
    package var status: Int
    /// The time from the whole request to the encoded answer.
    package var duration: Duration
}

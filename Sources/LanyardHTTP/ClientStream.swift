// SPDX-License-Identifier: Apache-2.0

/// The bytes of one connection of a client, plain or under TLS.
protocol ClientStream: AnyObject {
    /// Sends all of `bytes`.
    func send(_ bytes: [UInt8], before deadline: ClientDeadline) throws(ClientError)

    /// Returns the next bytes, or none if the server has sent its last.
    func receive(before deadline: ClientDeadline) throws(ClientError) -> [UInt8]
}

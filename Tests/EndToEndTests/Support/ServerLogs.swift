// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

/// Files with what the servers of tests wrote, one per server.
///
/// `Scripts/shards.py` names the folder in `LANYARD_TEST_SERVER_LOGS`, and prints the files of a test that failed.
enum ServerLogs {
    private static let folder = ProcessInfo.processInfo.environment["LANYARD_TEST_SERVER_LOGS"]
    private static let count = Mutex(0)

    /// Returns a new file, whose first line names the current test or suite; `nil` if nobody asked for logs.
    static func path() -> String? {
        guard let folder else { return nil }
        let number = count.withLock { count in
            count += 1
            return count
        }
        let path = "\(folder)/\(number).log"
        let owner = Test.current.map { "\($0.id)" } ?? "no test"
        try? Data("\(owner)\n".utf8).write(to: URL(fileURLWithPath: path))
        return path
    }
}

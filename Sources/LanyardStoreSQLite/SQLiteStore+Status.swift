// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func statusLists() async throws(StoreError) -> StatusLists {
        try await read { connection throws(StoreError) in
            let version = try connection.first(.selectStatusVersion) { row throws(StoreError) in try row.integer(0) }
            guard let version else { throw .damaged }
            let numbers = try connection.all(.selectStatusLists) { row throws(StoreError) in try row.integer(0) }
            return StatusLists(version: version, numbers: numbers)
        }
    }

    package func statusBits(
        after index: StatusIndex?, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [StatusBit] {
        let after = index ?? StatusIndex(list: 0, index: 0)  // There is no list 0.
        return try await read { connection throws(StoreError) in
            try connection.all(
                .statusBitsAfter,
                [.integer(after.list), .integer(after.index), .time(now), .integer(Int64(limit))]
            ) { row throws(StoreError) in
                StatusBit(try row.statusIndex(0), until: try row.time(2))
            }
        }
    }

    package func sweepStatusBits(limit: Int, at now: UnixTime) async throws(StoreError) -> Int {
        try await write { connection throws(StoreError) in
            try connection.run(.deleteStatusBits, [.time(now - StatusIndex.rest), .integer(Int64(limit))])
        }
    }

    package func tendStatusLists() async throws(StoreError) {
        // Counted by a reader: that takes up to a tenth of a second, for which no writer waits.
        let change = try await read { [listSize = limits.statusListSize] connection throws(StoreError) in
            StatusListUse.change(for: try connection.statusListUse(), listSize: listSize)
        }
        guard let change else { return }
        try await write { connection throws(StoreError) in
            for number in change.filled { try connection.setStatusList(number, isFull: true) }
            for number in change.opened { try connection.setStatusList(number, isFull: false) }
            if let number = change.added { try connection.addStatusList(number) }
        }
    }
}

extension Connection {
    /// Draws an index that neither a session, a client nor a bit has, in the lowest list that is not full.
    ///
    /// Nobody else can take it: this transaction locks out all other writers.
    func drawStatusIndex(_ limits: SQLiteStore.Limits) throws(StoreError) -> StatusIndex {
        while let list = try first(.openStatusList, [], { row throws(StoreError) in try row.integer(0) }) {
            for _ in 0..<Self.draws {
                let index = StatusIndex(list: list, index: Int64(limits.drawStatusIndex(limits.statusListSize)))
                if try isFree(index) { return index }
            }
            // It was counted too long ago.
            try setStatusList(list, isFull: true)
        }
        // No index of a new list is taken.
        let newest = try first(.newestStatusList) { row throws(StoreError) in try row.integer(0) }
        let number = (newest ?? 0) + 1
        try addStatusList(number)
        return StatusIndex(list: number, index: Int64(limits.drawStatusIndex(limits.statusListSize)))
    }

    private func isFree(_ index: StatusIndex) throws(StoreError) -> Bool {
        let isTaken = try first(.isStatusIndexTaken, [.integer(index.list), .integer(index.index)]) {
            row throws(StoreError) in try row.integer(0)
        }
        return isTaken == 0
    }

    fileprivate func statusListUse() throws(StoreError) -> [StatusListUse] {
        try all(.statusListUse) { row throws(StoreError) in
            StatusListUse(
                number: try row.integer(0), isFull: try row.integer(1) != 0, count: Int(try row.integer(2)))
        }
    }

    fileprivate func setStatusList(_ number: Int64, isFull: Bool) throws(StoreError) {
        try run(.setStatusList, [.integer(number), .integer(isFull ? 1 : 0)])
    }

    /// Makes a list, unless it is there; every server has to serve it.
    fileprivate func addStatusList(_ number: Int64) throws(StoreError) {
        if try run(.insertStatusList, [.integer(number)]) == 1 { try run(.raiseStatusVersion) }
    }

    /// How often an index is drawn before a list counts as full: at half full, once in four thousand million logins.
    private static let draws = 32
}

extension Statement {
    /// The index that a column and the next one hold.
    func statusIndex(_ column: Int32) throws(StoreError) -> StatusIndex {
        StatusIndex(list: try integer(column), index: try integer(column + 1))
    }
}

extension Query {
    fileprivate static let selectStatusVersion = Query("SELECT status_version FROM meta")
    static let raiseStatusVersion = Query(
        "UPDATE meta SET status_version = status_version + 1, epoch = epoch + 1")
    fileprivate static let selectStatusLists = Query("SELECT number FROM status_list ORDER BY number")
    fileprivate static let openStatusList = Query(
        "SELECT number FROM status_list WHERE full = 0 ORDER BY number LIMIT 1")
    fileprivate static let newestStatusList = Query("SELECT number FROM status_list ORDER BY number DESC LIMIT 1")
    fileprivate static let insertStatusList = Query(
        "INSERT INTO status_list (number) VALUES (?) ON CONFLICT (number) DO NOTHING")
    fileprivate static let setStatusList = Query("UPDATE status_list SET full = ?2 WHERE number = ?1")
    fileprivate static let isStatusIndexTaken = Query(
        """
        SELECT EXISTS (SELECT 1 FROM session WHERE list = ?1 AND idx = ?2)
            OR EXISTS (SELECT 1 FROM client WHERE list = ?1 AND idx = ?2)
            OR EXISTS (SELECT 1 FROM status_bit WHERE list = ?1 AND idx = ?2)
        """)
    // An ended session and its bit have one index between them.
    fileprivate static let statusListUse = Query(
        """
        SELECT number, full,
            (SELECT count(*) FROM session WHERE session.list = number)
            + (SELECT count(*) FROM client WHERE client.list = number)
            + (SELECT count(*) FROM status_bit WHERE status_bit.list = number AND NOT EXISTS (
                SELECT 1 FROM session WHERE session.list = status_bit.list AND session.idx = status_bit.idx))
        FROM status_list ORDER BY number
        """)
    fileprivate static let statusBitsAfter = Query(
        """
        SELECT list, idx, until FROM status_bit WHERE (list, idx) > (?1, ?2) AND until > ?3
        ORDER BY list, idx LIMIT ?4
        """)
    fileprivate static let deleteStatusBits = Query(
        """
        DELETE FROM status_bit WHERE (list, idx) IN (
            SELECT list, idx FROM status_bit WHERE until <= ?1 ORDER BY until LIMIT ?2)
        """)
}

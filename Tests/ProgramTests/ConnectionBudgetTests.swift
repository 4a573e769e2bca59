// SPDX-License-Identifier: Apache-2.0

import LanyardProgram
import Testing

@Suite struct `The budget of connections` {
    @Test(arguments: [1_024, 4_096, 20_000, 65_536, 1_048_576, .max], [1, 2, 64])
    func `leaves a reserve for everything else`(descriptors: Int, loops: Int) {
        let budget = ConnectionBudget(descriptors: descriptors, loops: loops)
        #expect(budget.public >= descriptors / 4)
        #expect(budget.management >= 128)
        #expect(descriptors - budget.public - budget.management >= 128)
    }

    @Test(arguments: 1...300)
    func `of next to nothing is not nothing`(descriptors: Int) {
        let budget = ConnectionBudget(descriptors: descriptors, loops: 2)
        #expect(budget.public >= 1 && budget.management >= 1)
    }

    @Test func `holds the default number of connections at the usual limits`() {
        #expect(ConnectionBudget(descriptors: 65_536, loops: 64).public >= 10_000)
        #expect(ConnectionBudget(descriptors: 16_384, loops: 4).public >= 10_000)
    }
}

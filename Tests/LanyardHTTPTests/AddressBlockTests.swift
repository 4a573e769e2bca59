// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
import LanyardHTTP
import Testing

@Suite struct `Address blocks` {
    @Test(arguments: [
        ("192.0.2.129", 0, "0.0.0.0/0"),
        ("192.0.2.129", 8, "192.0.0.0/8"),
        ("192.0.2.129", 24, "192.0.2.0/24"),
        ("192.0.2.129", 25, "192.0.2.128/25"),
        ("192.0.2.129", 32, "192.0.2.129/32"),
        ("2001:db8:a:b:c:d:e:f", 0, "::/0"),
        ("2001:db8:a:b:c:d:e:f", 48, "2001:db8:a::/48"),
        ("2001:db8:a:b:c:d:e:f", 64, "2001:db8:a:b::/64"),
        ("2001:db8:a:b:c:d:e:f", 65, "2001:db8:a:b::/65"),
        ("2001:db8:a:b:c:d:e:f", 112, "2001:db8:a:b:c:d:e:0/112"),
        ("2001:db8:a:b:c:d:e:f", 128, "2001:db8:a:b:c:d:e:f/128"),
    ])
    func `are what an address lies in, and read as they are written`(address: String, length: Int, text: String) throws
    {
        let address = try #require(IPAddress(address))
        let block = AddressBlock(containing: address, prefixLength: length)
        #expect(block.description == text)
        #expect(AddressBlock(text) == block)
        #expect(block.contains(address))
    }

    @Test func `are not read from what is none`() {
        for text in [
            "", "/8", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/8/8", "::/129", "a/8", "1.2.3.4\u{0}/8",
        ] {
            #expect(AddressBlock(text) == nil, "\(text)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardPasswords
internal import LanyardStore

extension LoginRequest {
    /// Reads a body.
    ///
    /// Over-long names and passwords are no malformed request: they are wrong credentials, at the same cost.
    init(_ members: RequestMembers, _ policies: Policies) throws(APIError) {
        let username = try members.requiredText("username").trimmingBlanks  // What a form or a paste adds to a name.
        let password = try members.takePassword("password")
        // Who may ask for which is known with the account.
        let audience = try members.audience() ?? [policies.tokens.audience[0]]
        guard audience.allSatisfy(policies.tokens.serves) else { throw .invalidTarget }
        self.init(username: username, password: password, audience: audience)
        roles = try members.names("roles")
        guard
            let delivery = Session.Delivery(
                rawValue: try members.text("delivery") ?? Session.Delivery.body.rawValue)
        else { throw .invalidRequest("delivery must be body, cookie or cookies.") }
        guard delivery != .cookie || !policies.sessions.requiresAccessToken else {
            throw .invalidRequest(
                "A refresh needs an access token here, which delivery cookie leaves to the page; ask for cookies or body."
            )
        }
        self.delivery = delivery
        label = try members.text("label")
        if let label {
            guard label.unicodeScalars.count <= Self.maximumLabelLength else {
                throw .invalidRequest("label has more than \(Self.maximumLabelLength) characters.")
            }
            guard label.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
                throw .invalidRequest("label has control characters.")
            }
        }
        _ = try members.text("device")  // Read with the counters of failed logins; its type is checked from now on.
    }

    /// In code points.
    private static let maximumLabelLength = 128
}

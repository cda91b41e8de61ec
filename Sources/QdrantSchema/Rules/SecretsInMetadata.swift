import Diagnostics
import JSON
import ResourceModel

/// A value in `metadata` that looks like a secret: everyone who may read the collection reads it.
///
/// The value itself stands in no diagnostic. Hashes and UUIDs are no secrets: a long value counts
/// only when it mixes upper case, lower case and digits.
struct SecretsInMetadata: Rule {
  let code = "M311"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    collection.fields.compactMap { field in
      guard field.path.segments.first == "metadata", let key = field.path.segments.last,
        let path = secret(field.value, key: key.string, path: field.path)
      else { return nil }
      return Diagnostic(
        .warning, code, "expected no secret in metadata, found what looks like one at \(path)",
        at: field.span,
        hint: "keep it where secrets are kept, and write a reference to it here")
    }
  }

  /// The first place at or below a value that looks like a secret.
  private func secret(_ value: JSONValue, key: String, path: FieldPath) -> FieldPath? {
    switch value {
    case .string(let text): looksSecret(text, key: key) ? path : nil
    case .object(let object):
      object.members.lazy.compactMap { member in
        secret(member.value, key: member.key, path: path.appending(member.key))
      }.first
    case .array(let values):
      values.lazy.compactMap { secret($0, key: key, path: path) }.first
    default: nil
    }
  }

  private static let keyEnds = [
    "password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey", "secretkey",
    "privatekey", "credential", "credentials",
  ]

  private static let valueStarts = ["ghp_", "gho_", "github_pat_", "xoxb-", "xoxp-", "sk-", "AKIA"]

  private func looksSecret(_ text: String, key: String) -> Bool {
    let bytes = text.utf8.count
    let name = String(key.filter { !"_-. ".contains($0) }).lowercased()
    if bytes >= 8, Self.keyEnds.contains(where: name.hasSuffix) { return true }
    if bytes >= 20, Self.valueStarts.contains(where: text.hasPrefix) { return true }
    return text.contains("PRIVATE KEY-----") || isToken(text) || hasCredentials(text)
      || isRandom(text)
  }

  /// Three parts in base64, the first of which begins as JSON does.
  private func isToken(_ text: String) -> Bool {
    text.hasPrefix("eyJ") && text.split(separator: ".", omittingEmptySubsequences: false).count == 3
  }

  /// `scheme://user:password@host`.
  private func hasCredentials(_ text: String) -> Bool {
    guard let start = text.firstRange(of: "://"), !text.contains(" ") else { return false }
    let authority = text[start.upperBound...].prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return false }
    return authority[..<at].contains(":")
  }

  private func isRandom(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    let isPlain = scalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
        || "+/=_-".unicodeScalars.contains($0)
    }
    guard isPlain, text.utf8.count >= 32 else { return false }
    let digits = scalars.count { ("0"..."9").contains($0) }
    let upper = scalars.count { ("A"..."Z").contains($0) }
    let lower = scalars.count { ("a"..."z").contains($0) }
    return min(digits, upper, lower) >= 4 && Set(scalars).count >= 18
  }
}

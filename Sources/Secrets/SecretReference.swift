/// Where a secret comes from; what a manifest may say in place of the secret itself.
package enum SecretReference: Sendable, Hashable {
  /// `{env: NAME}`
  case environment(String)
  /// `{file: PATH}`; a relative path counts from the folder that the source was given.
  case file(String)
  /// `{command: [PROGRAM, ARG…]}`; read and refused: programs are not run for keys yet.
  case command([String])
}

extension SecretReference: CustomStringConvertible {
  /// The reference as it stands in a manifest, shortened to its program for a command, because
  /// people do put keys into arguments; and without a name that cannot be a variable's, because
  /// people do put the key itself there.
  package var description: String {
    switch self {
    case .environment(let name):
      Self.isVariableName(name) ? "{env: \(name)}" : "{env: …}"
    case .file(let path): "{file: \(path)}"
    case .command(let words): "{command: [\(words.first ?? "")\(words.count > 1 ? ", …" : "")]}"
    }
  }

  /// Why it gives no secret on any machine; nil when it may.
  package var flaw: SecretError? {
    switch self {
    case .environment(let name):
      Self.isVariableName(name) ? nil : SecretError(.notAVariableName, in: self)
    case .file: nil
    case .command: SecretError(.commandsNotAllowed, in: self)
    }
  }

  /// Whether the text can name an environment variable: letters, digits and underscores, no digit
  /// first, at most 128 bytes.
  package static func isVariableName(_ text: String) -> Bool {
    let isWord = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    let first = text.utf8.first ?? UInt8(ascii: "0")
    return isWord && text.utf8.count <= 128
      && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
  }
}

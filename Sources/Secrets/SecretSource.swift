/// Gives the secret behind a reference.
///
/// Asked only when a connection is about to be made and only for clusters that were selected, so
/// that a manifest cannot make a run touch secrets that it does not need.
package protocol SecretSource: Sendable {
  /// The secret, or nil when the reference is of a kind that this source does not serve.
  func secret(for reference: SecretReference) async throws(SecretError) -> Secret?
}

/// Asks several sources in turn.
package struct SecretResolver: Sendable {
  private let sources: [any SecretSource]

  package init(_ sources: [any SecretSource]) {
    self.sources = sources
  }

  /// The sources of a run: `environment` and `folder` (what relative paths count from) are
  /// parameters because only the composition root may read the process's own.
  package init(environment: [String: String], folder: String) {
    self.init([
      EnvironmentSecretSource(environment: environment), FileSecretSource(folder: folder),
      CommandSecretSource(),
    ])
  }

  /// The secret of the first source that serves the reference.
  package func resolve(_ reference: SecretReference) async throws(SecretError) -> Secret {
    for source in sources {
      if let secret = try await source.secret(for: reference) { return secret }
    }
    throw SecretError(.unsupported, in: reference)
  }
}

/// Serves `{env: NAME}` from the variables that it was given.
package struct EnvironmentSecretSource: SecretSource {
  private let environment: [String: String]

  package init(environment: [String: String]) {
    self.environment = environment
  }

  package func secret(for reference: SecretReference) throws(SecretError) -> Secret? {
    guard case .environment(let name) = reference else { return nil }
    if let flaw = reference.flaw { throw flaw }
    guard let value = environment[name] else { throw SecretError(.variableNotSet, in: reference) }
    return try SecretText.check(Array(value.utf8), from: reference)
  }
}

extension EnvironmentSecretSource: CustomReflectable, CustomStringConvertible {
  package var description: String { "EnvironmentSecretSource" }
  /// No children: the variables of a process are full of secrets.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Serves `{command: […]}` by refusing it: running programs named in a manifest needs the
/// operator's leave, for which there is no way yet (nor is there a rule of how long one may run).
package struct CommandSecretSource: SecretSource {
  package init() {}

  package func secret(for reference: SecretReference) throws(SecretError) -> Secret? {
    guard case .command = reference else { return nil }
    throw reference.flaw ?? SecretError(.commandsNotAllowed, in: reference)
  }
}

/// What the bytes of a secret must be, wherever they come from.
enum SecretText {
  /// Larger than any key or token that fits a header line.
  static let limit = 64 << 10

  /// Drops one trailing line end and refuses what cannot be a key.
  static func check(
    _ bytes: [UInt8], from reference: SecretReference
  ) throws(SecretError) -> Secret {
    guard bytes.count <= limit else { throw SecretError(.tooLarge(limit: limit), in: reference) }
    var text = bytes[...]
    if text.last == 0x0A {
      text.removeLast()
      if text.last == 0x0D { text.removeLast() }
    }
    guard !text.isEmpty else { throw SecretError(.empty, in: reference) }
    for (offset, byte) in text.enumerated() {
      switch byte {
      case 0x00: throw SecretError(.containsNUL, in: reference)
      case 0x0A, 0x0D: throw SecretError(.severalLines, in: reference)
      case 0x01...0x1F, 0x7F:
        throw SecretError(.containsControlCharacter(offset: offset), in: reference)
      default: continue
      }
    }
    return Secret(copying: text)
  }
}

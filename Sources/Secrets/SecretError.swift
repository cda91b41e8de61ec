/// Why a reference gave no secret: a fact and the reference, never a value.
package struct SecretError: Error, Sendable, Equatable {
  /// What is wrong.
  package enum Fact: Sendable, Equatable {
    case notAVariableName
    case variableNotSet
    case fileNotFound
    case fileNotReadable(reason: String)
    case fileIsSymbolicLink
    case fileIsNotRegular
    case fileOwnedByOther(uid: UInt32)
    case filePermissionsTooOpen(mode: UInt32)
    case tooLarge(limit: Int)
    case empty
    case severalLines
    case containsNUL
    case containsControlCharacter(offset: Int)
    case commandsNotAllowed
    case unsupported
  }

  package var reference: SecretReference
  package var fact: Fact

  package init(_ fact: Fact, in reference: SecretReference) {
    self.reference = reference
    self.fact = fact
  }
}

extension SecretError: CustomStringConvertible {
  /// One sentence for a person.
  package var description: String { "\(reference): \(fact)" }
}

extension SecretError.Fact: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAVariableName:
      "this cannot be the name of an environment variable; is it the secret itself?"
    case .variableNotSet: "the environment variable is not set"
    case .fileNotFound: "there is no such file"
    case .fileNotReadable(let reason): "the file cannot be read: \(reason)"
    case .fileIsSymbolicLink: "the file is a symbolic link, which is not followed"
    case .fileIsNotRegular: "this is not a regular file"
    case .fileOwnedByOther(let uid): "the file belongs to user \(uid), not to you or to root"
    case .filePermissionsTooOpen(let mode):
      "others may read the file (mode 0\(String(mode, radix: 8))); it needs 0600"
    case .tooLarge(let limit): "the secret is larger than \(limit) bytes"
    case .empty: "the secret is empty"
    case .severalLines: "the secret has more than one line"
    case .containsNUL: "the secret contains a NUL byte"
    case .containsControlCharacter(let offset):
      "the secret contains a control character at byte \(offset)"
    case .commandsNotAllowed: "programs are not run for keys yet; use {env: NAME} or {file: PATH}"
    case .unsupported: "no source serves this kind of reference"
    }
  }
}

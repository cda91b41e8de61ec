package import JSON

/// A journal that does not verify: nothing goes on by itself, a person has to look.
package struct JournalDamage: Error, Sendable, Equatable {
  /// What is wrong with a record.
  package enum Reason: Error, Sendable, Equatable {
    /// A later format than this program reads.
    case newerFormat(Int)
    case tooLong
    /// The line does not end with a hash.
    case noHash
    /// The bytes are not those that the hash was made over.
    case wrongHash
    case notJSON(JSONError)
    case duplicateKey
    /// A member is missing or of another type.
    case notARecord
    /// The record has this number instead of the one of its place.
    case wrongNumber(Int)
    /// The record follows another one than that before it.
    case wrongPrevious
    /// The last line is whole and has another byte in the place of its newline.
    case noNewline
  }

  /// The number of the first record that does not verify, from 1.
  package var record: Int
  /// Bytes of the file before that record.
  package var offset: Int
  package var reason: Reason
  /// What verifies before it; for a person to read, not to go on from.
  package var intact: JournalContents
}

extension JournalDamage: CustomStringConvertible {
  /// One sentence without its period.
  package var description: String {
    switch reason {
    case .newerFormat(let format):
      "the journal has format \(format), and this program reads format \(JournalLine.format) only"
    default: "record \(record) of the journal, at byte \(offset), is damaged: \(reason)"
    }
  }
}

extension JournalDamage.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .newerFormat(let format): "it has format \(format)"
    case .tooLong: "it is longer than \(JournalLine.longest) bytes"
    case .noHash: "it does not end with its hash"
    case .wrongHash: "its hash is that of other bytes"
    case .notJSON(let error): "it is no JSON (\(error))"
    case .duplicateKey: "it has a name twice"
    case .notARecord: "it lacks a member of a record"
    case .wrongNumber(let number): "it says that it is record \(number)"
    case .wrongPrevious: "it follows another record than the one before it"
    case .noNewline: "it has another byte in the place of its newline"
    }
  }
}

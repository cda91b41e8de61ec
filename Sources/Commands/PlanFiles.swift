import Foundation
import OptionParsing
import Planning

/// Reads plan files from disk.
enum PlanFiles {
  /// Why a file gives no plan, and what that means.
  struct Problem: Error {
    var message: String
    var status: ExitStatus
  }

  /// How every plan file begins, since its keys are sorted.
  private static let beginning = Array("{\n  \"digests\": {\n    \"all\": \"".utf8)

  /// The largest plan that is read.
  private static let limit = 512 << 20

  /// The bytes of a regular file, or nil when it is none or cannot be read.
  static func bytes(_ path: String) -> [UInt8]? {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size <= limit else {
      return nil
    }
    return FileManager.default.contents(atPath: path).map { Array($0) }
  }

  /// Whether a path names a plan file: a regular file whose JSON says `made_by: qdrant-plan`.
  static func isPlan(_ path: String) -> Bool {
    guard let bytes = bytes(path) else {
      // No manifest ends so, and a plan that is missing is told as one.
      return path.hasSuffix(".json") && access(path, F_OK) != 0
    }
    guard bytes.first == UInt8(ascii: "{") else { return false }
    // A damaged plan is still meant as one: the maker's line is enough, or how it begins.
    return PlanFile.isPlan(bytes) || bytes.starts(with: beginning) || beginning.starts(with: bytes)
      || bytes.contains("\"made_by\": \"\(PlanFile.maker)\"".utf8)
  }

  /// What speaks against taking a plan file from this command line; nil for nothing.
  ///
  /// A plan was looked at and approved as a whole, so nothing may change it afterwards, and nothing
  /// else is taken together with it.
  static func misuse(_ command: ParsedCommand) -> Problem? {
    guard let path = command.arguments.first(where: isPlan) else { return nil }
    guard command.arguments.count == 1 else {
      return Problem(
        message: "\(path) is a plan file, and a plan file is taken alone, without other paths",
        status: .usage)
    }
    let options = SharedOptions.selection + SharedOptions.consent
    let given = options.map(\.name).filter { command.has($0) }
    guard !given.isEmpty else { return nil }
    return Problem(
      message: "\(path) is a plan file, which is taken as it is: "
        + "\(given.joined(separator: ", ")) \(given.count == 1 ? "belongs" : "belong") to the "
        + "making of a plan; plan again with qdrant-plan … --out PLANFILE", status: .usage)
  }

  static func read(_ path: String) -> Result<Plan, Problem> {
    guard let bytes = bytes(path) else {
      return .failure(Problem(message: "\(path) is not a file that can be read", status: .usage))
    }
    do throws(PlanFile.Problem) {
      return .success(try PlanFile.read(bytes))
    } catch {
      return .failure(Problem(message: "\(path): \(text(error))", status: .refused))
    }
  }

  static func text(_ problem: PlanFile.Problem) -> String {
    switch problem {
    case .unreadable(let reason): "the plan is damaged or cut short: \(reason)"
    case .notAPlan: "this file was not made by qdrant-plan --out"
    case .format(let number):
      "the plan has format \(number); this version reads format \(PlanFile.format)"
    case .digest(let section): "the digest of the section '\(section)' does not match its contents"
    case .malformed(let place): "the plan is malformed at \(place)"
    }
  }
}

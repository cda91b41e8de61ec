import Diagnostics
import JSON
import OptionParsing
import Planning
import ResourceModel

/// What `--accept-loss` agrees to, held against what a plan would really lose.
///
/// A consent that means nothing is a typing error, and whoever made it believes to have agreed to
/// something else.
struct LossConsent {
  /// Addresses as they were written: `collection/products`, `collection/products@here`.
  private let addresses: [String]

  init(_ command: ParsedCommand) { addresses = command.counts("--accept-loss").map(\.key) }

  /// What is no address at all; nil when all are.
  func malformed() -> String? {
    for text in addresses {
      let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, ResourceKind(rawValue: String(parts[0])) != nil, !parts[1].isEmpty
      else {
        return "--accept-loss: '\(Sanitizer.line(text))' is no address like collection/products"
      }
    }
    return nil
  }

  /// What names nothing that the plan would lose or refuses, and nothing that is to be absent; nil
  /// when all do.
  ///
  /// A consent that stands in a pipeline still means something when what it names is gone. Where a
  /// part could not be checked nobody knows what would be lost there.
  func meaningless(in plan: Plan, of desired: DesiredState) -> String? {
    guard plan.unchecked.isEmpty else { return nil }
    let lost = plan.steps.filter { $0.operation.action == .delete && $0.phase == .irreversible }
    let known =
      lost.map(\.address) + plan.refusals.map(\.subject)
      + desired.collections.flatMap(LossConsent.absent)
    for text in addresses where !known.contains(where: { $0.isNamed(text) }) {
      let hint = didYouMean(text, among: Set(known.map(\.local)).sorted())
      return "--accept-loss: the plan loses no points of '\(Sanitizer.line(text))'"
        + (hint.map { "; did you mean '\($0)'?" } ?? "")
    }
    return nil
  }
}

extension LossConsent {
  /// What a manifest wants to be gone, of a collection.
  private static func absent(_ collection: DesiredResource) -> [ResourceAddress] {
    let address = collection.address
    return (collection.isPresent ? [] : [address])
      + collection.elements.filter { !$0.isPresent }.map {
        ResourceAddress(
          kind: $0.kind, collection: address.collection, name: $0.name, cluster: address.cluster)
      } + collection.children.filter { !$0.isPresent }.map(\.address)
  }
}

extension ResourceAddress {
  /// Whether a command line means this resource: with its cluster, or on any.
  func isNamed(_ text: String) -> Bool {
    local.hasSameBytes(as: text) || description.hasSameBytes(as: text)
  }
}

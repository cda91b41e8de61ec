package import JSON
package import ResourceModel

/// Parts of a plan as JSON, for whoever keeps them elsewhere than in a plan file.
package enum PlanParts {
  /// An operation as it stands in a plan.
  package static func json(_ operation: Operation) -> JSONValue {
    PlanEncoding.operation(operation)
  }

  /// An operation read back; nil when it is not as it was written.
  package static func operation(_ value: JSONValue?) -> Operation? {
    do throws(PlanDecoder.Malformed) {
      return try PlanDecoder().operation(value, "operation")
    } catch {
      return nil
    }
  }

  /// A fact that did not hold, with what was there instead; absence has no key.
  package static func json(_ broken: BrokenFact) -> JSONValue {
    var object: JSONObject = ["fact": PlanEncoding.fact(broken.fact)]
    if let now = broken.now { object["now"] = now }
    return .object(object)
  }

  /// A broken fact read back; nil when it is not as it was written.
  package static func brokenFact(_ value: JSONValue) -> BrokenFact? {
    guard let fact = value["fact"] else { return nil }
    do throws(PlanDecoder.Malformed) {
      return BrokenFact(fact: try PlanDecoder().fact(fact), now: value["now"])
    } catch {
      return nil
    }
  }
}

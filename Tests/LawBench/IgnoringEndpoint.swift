import JSON
import ResourceModel
import SimulatedQdrant

/// A server that drops one field of every request without a word, as real ones drop unknown keys.
package struct IgnoringEndpoint: SimulatedEndpoint {
  package let inner: any SimulatedEndpoint
  /// Where the field stands in bodies: in the create and in the update request.
  package let paths: [FieldPath]

  package init(inner: any SimulatedEndpoint, paths: [FieldPath]) {
    self.inner = inner
    self.paths = paths
  }

  package func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    var request = request
    if ["PUT", "PATCH"].contains(request.method),
      var body = (try? JSONParser.parse(request.body))?.object
    {
      for path in paths { body = IgnoringEndpoint.removing(path.segments[...], from: body) }
      request.body = JSONValue.object(body).bytes()
    }
    return inner.exchange(request, now: now)
  }

  /// The object without the value; what is around it stays.
  private static func removing(
    _ path: ArraySlice<ExactString>, from object: JSONObject
  ) -> JSONObject {
    var object = object
    guard let first = path.first?.string else { return object }
    if path.count == 1 {
      object[first] = nil
    } else if let inner = object[first]?.object {
      object[first] = .object(removing(path.dropFirst(), from: inner))
    }
    return object
  }
}

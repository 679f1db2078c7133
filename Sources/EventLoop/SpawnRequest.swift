import Platform

/// What to start, and how.
///
/// All memory stays the caller's and is only read while `Children.start` runs; one request can be changed
/// and used again.
public struct SpawnRequest {
  /// The type of `argv` and `environ`: C strings, and nil at the end.
  public typealias Strings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  /// The limit of a process on its descriptors; the corresponding C constant is `RLIMIT_NOFILE`.
  public struct DescriptorLimit: Equatable, Sendable {
    /// The limit in force.
    public var soft: UInt64
    /// The limit up to which it can be raised.
    public var hard: UInt64

    /// Makes a limit.
    public init(soft: UInt64, hard: UInt64) {
      self.soft = soft
      self.hard = hard
    }

    /// Returns the limit of this process.
    ///
    /// The corresponding C function is `getrlimit`.
    public static func current() -> DescriptorLimit {
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      return DescriptorLimit(soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max))
    }

    /// Makes its hard limit the soft one of this process, or `bound` where that is less.
    ///
    /// The corresponding C function is `setrlimit`.
    public func installHard(upTo bound: UInt64) {
      let wanted = DescriptorLimit(soft: min(hard, bound), hard: hard)
      if wanted != self { wanted.install() }
    }

    /// Makes it the limit of this process; false when that is refused.
    ///
    /// The corresponding C function is `setrlimit`.
    @discardableResult
    public func install() -> Bool {
      var limit = rlimit(rlim_cur: rlim_t(soft), rlim_max: rlim_t(hard))
      return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    }
  }

  /// The user that a process becomes, with its groups.
  public struct Identity: Sendable {
    let user: uid_t
    let group: gid_t
    let groups: [gid_t]

    /// Makes an identity; `groups` are all supplementary ones.
    public init(user: uid_t, group: gid_t, groups: [gid_t]) {
      (self.user, self.group, self.groups) = (user, group, groups)
    }
  }

  /// The file to execute, as it stands: `Program.find` has searched `PATH` before.
  public var path: UnsafePointer<CChar>
  /// The arguments, of which the first is the name.
  public var arguments: Strings
  /// The whole environment.
  public var environment: Strings
  /// What becomes descriptor 0.
  public var input: Int32 = 0
  /// What becomes descriptor 1.
  public var output: Int32 = 1
  /// What becomes descriptor 2.
  public var errors: Int32 = 2
  /// A further descriptor above 2 that is inherited under its own number.
  public var keep: Int32?
  /// The terminal that its group gets: descriptor 0 of the process, or `keep`.
  ///
  /// The corresponding C function is `tcsetpgrp`.
  public var terminal: Int32?
  /// Where the process runs; nil means here.
  public var directory: UnsafePointer<CChar>?
  /// Whether it leads a process group of its own.
  public var group = true
  /// Whether it may outlive this process; otherwise it gets `TERM` when this thread ends.
  public var detach = false
  /// Whom it becomes before it enters `directory`; nil means that it stays who this process is.
  ///
  /// The corresponding C functions are `setgroups`, `setresgid` and `setresuid`.
  public var identity: Identity?
  /// Its limit on descriptors; nil means the limit of this process.
  public var descriptorLimit: DescriptorLimit?

  /// Makes a request with the standard descriptors of this process, in a group of its own.
  public init(path: UnsafePointer<CChar>, arguments: Strings, environment: Strings) {
    self.path = path
    self.arguments = arguments
    self.environment = environment
  }

  /// Starts the process and returns its pid, and a pidfd of it if asked to: negative where the system has none.
  func spawn(_ dispositions: Dispositions, changed: UInt64, withPidfd: Bool) throws(LoopError) -> (
    pid: Int32, pidfd: Int32
  ) {
    var request = upon_spawn_request()
    request.path = path
    request.arguments = UnsafePointer(arguments)
    request.environment = UnsafePointer(environment)
    request.directory = directory
    request.standard = (input, output, errors)
    request.keep = keep ?? -1
    request.terminal = terminal ?? -1
    request.changed = changed
    request.ignored = dispositions.ignored
    var flags: UInt32 = 0
    if group { flags |= UPON_SPAWN_GROUP.rawValue }
    if detach { flags |= UPON_SPAWN_DETACH.rawValue }
    if let descriptorLimit {
      flags |= UPON_SPAWN_LIMIT.rawValue
      request.soft_limit = descriptorLimit.soft
      request.hard_limit = descriptorLimit.hard
    }
    request.flags = Int32(flags)
    guard let identity else { return try spawn(&request, withPidfd) }
    request.flags |= Int32(UPON_SPAWN_USER.rawValue)
    (request.user, request.group) = (identity.user, identity.group)
    return try identity.groups.withUnsafeBufferPointer { (groups) throws(LoopError) in
      (request.groups, request.group_count) = (groups.baseAddress, groups.count)
      return try spawn(&request, withPidfd)
    }
  }

  private func spawn(_ request: inout upon_spawn_request, _ withPidfd: Bool) throws(LoopError) -> (
    pid: Int32, pidfd: Int32
  ) {
    var code: Int32 = 0
    var pidfd: Int32 = -1
    let pid = withPidfd ? upon_spawn(&request, &pidfd, &code) : upon_spawn(&request, nil, &code)
    guard pid > 0 else { throw LoopError(code: code, operation: String(cString: path)) }
    return (pid, pidfd)
  }
}

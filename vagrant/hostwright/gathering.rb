# frozen_string_literal: true

require "set"

module Hostwright
  # Which machines of a `vagrant` command have arrived at their provisioner, and which are still on their way. Providers such as
  # lxc and libvirt bring machines up side by side, each in a thread; a playbook for all of them has to wait for the last.
  class Gathering
    @gatherings = {}
    @lock = Mutex.new

    # One for each folder of a Vagrantfile.
    def self.of(env)
      @lock.synchronize { @gatherings[env.root_path.to_s] ||= new }
    end

    # Around all that happens to a machine while it comes up.
    class OnItsWay
      def initialize(app, _env)
        @app = app
      end

      def call(env)
        machine = env[:machine]
        gathering = Gathering.of(machine.env)
        gathering.sets_out(machine.name)
        begin
          @app.call(env)
        ensure
          gathering.leaves(machine.name)
        end
      end
    end

    def initialize
      @lock = Mutex.new
      @on_their_way = Set.new
      # Which machines came up since a playbook ran for all: playbook → names; a playbook without an entry never ran.
      @fresh = {}
      @arrived = Hash.new { |hash, key| hash[key] = Set.new }
    end

    def sets_out(name)
      @lock.synchronize do
        @on_their_way << name
        @fresh.each_value { |names| names << name }
        @arrived.each_value { |names| names.delete(name) }
      end
    end

    def leaves(name)
      @lock.synchronize { @on_their_way.delete(name) }
    end

    # What a machine that arrives at its provisioner has to do: `:run` it for all, leave it to the last of those still on their
    # way (their names), or nothing, since it ran for all as they are now (`:ran`).
    def arrives(key, name)
      @lock.synchronize do
        @arrived[key] << name
        missing = @on_their_way - @arrived[key]
        return missing.to_a if missing.any?
        return :ran if @fresh.key?(key) && @fresh[key].empty?

        # Claimed before it runs, so that nobody else runs it, too.
        @fresh[key] = Set.new
        :run
      end
    end

    # It did not run well, or not at all: the next to arrive runs it.
    def forget(key)
      @lock.synchronize { @fresh.delete(key) }
    end
  end
end

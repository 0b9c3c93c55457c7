# frozen_string_literal: true

module Hostwright
  # Options as those of Vagrant's own ansible provisioner, which docs/vagrant.md tells of; `once` is ours.
  class Config < Vagrant.plugin("2", :config)
    TEXTS = %i[playbook playbook_command inventory_path become_user start_at_task vault_password_file].freeze
    FLAGS = %i[become check diff once force_remote_user].freeze
    LISTS = %i[limit tags skip_tags raw_arguments raw_ssh_args].freeze
    TABLES = %i[groups host_vars].freeze

    attr_accessor(*TEXTS, *FLAGS, *LISTS, *TABLES, :extra_vars, :verbose, :host_key_checking)

    def initialize
      super
      (TEXTS + FLAGS + LISTS + TABLES).each { |name| instance_variable_set("@#{name}", UNSET_VALUE) }
      @extra_vars = @verbose = @host_key_checking = UNSET_VALUE
    end

    def finalize!
      (TEXTS + LISTS).each { |name| default(name, nil) }
      FLAGS.each { |name| default(name, name == :force_remote_user) }
      TABLES.each { |name| default(name, {}) }
      default(:extra_vars, nil)
      default(:verbose, false)
      default(:host_key_checking, "accept-new")
    end

    def validate(machine)
      root = machine.env.root_path
      { "hostwright provisioner" => [*playbook_error(root), *inventory_error(root), *shape_errors, *value_errors] }
    end

    private

    def default(name, value)
      variable = "@#{name}"
      instance_variable_set(variable, value) if instance_variable_get(variable) == UNSET_VALUE
    end

    def playbook_error(root)
      return ["`playbook` is not set: h.playbook = \"playbooks/site.ts\""] if playbook.to_s.empty?

      file = File.expand_path(playbook, root)
      File.file?(file) ? [] : ["there is no playbook #{file}"]
    end

    def inventory_error(root)
      return [] if inventory_path.nil? || File.exist?(File.expand_path(inventory_path, root))

      ["there is no inventory #{File.expand_path(inventory_path, root)}"]
    end

    def shape_errors
      TABLES.reject { |name| public_send(name).is_a?(Hash) }.map { |name| "`#{name}` is a Hash, not #{public_send(name).inspect}" } +
        LISTS.reject { |name| [nil, String, Array].any? { |kind| kind === public_send(name) } }
             .map { |name| "`#{name}` is a String or an Array, not #{public_send(name).inspect}" }
    end

    def value_errors
      errors = []
      unless verbose.is_a?(TrueClass) || !verbose || verbose.to_s.match?(/\A-?v+\z/)
        errors << "`verbose` is true, \"v\", \"vv\" and so on, not #{verbose.inspect}"
      end
      unless extra_vars.nil? || extra_vars.is_a?(Hash) || extra_vars.to_s.match?(/\A@./)
        errors << "`extra_vars` is a Hash, or \"@FILE\", not #{extra_vars.inspect}"
      end
      unless [true, false, "yes", "no", "accept-new"].include?(host_key_checking)
        errors << "`host_key_checking` is true, false or \"accept-new\", not #{host_key_checking.inspect}"
      end
      errors
    end
  end
end

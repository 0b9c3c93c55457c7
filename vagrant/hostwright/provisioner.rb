# frozen_string_literal: true

require "digest"
require "fileutils"
require "json"
require_relative "errors"
require_relative "gathering"
require_relative "inventory"

module Hostwright
  class Provisioner < Vagrant.plugin("2", :provisioner)
    def provision
      return run_for(@machine.name.to_s) unless config.once

      gathering = Gathering.of(@machine.env)
      case (answer = gathering.arrives(key, @machine.name))
      when :ran then say("#{config.playbook} ran for all machines already.")
      when :run then run_for_all(gathering)
      else say("#{config.playbook} runs for all machines when #{answer.join(", ")} is up, too.")
      end
    end

    private

    # Provisioners of one Vagrantfile that run the same playbook in another way are not the same.
    def key
      [config.playbook, config.check, config.limit, config.tags, config.skip_tags, config.raw_arguments, config.extra_vars].inspect
    end

    def run_for_all(gathering)
      missing = members.select { |member| member.ssh.nil? }.map(&:name)
      if missing.any?
        gathering.forget(key)
        return say("#{config.playbook} runs when all machines are up: #{missing.join(", ")} is not (vagrant up #{missing.join(" ")}).")
      end
      begin
        run_for("all")
      rescue StandardError
        gathering.forget(key)
        raise
      end
    end

    def run_for(limit)
      install_packages
      command = [*program, *arguments(limit)]
      say(command.map { |word| word.match?(/\A[\w@%+=:,.\/-]+\z/) ? word : "'#{word}'" }.join(" ")) if config.verbose
      result = execute(*command)
      return if result.exit_code.zero?

      raise Error, <<~TEXT.chomp
        #{config.playbook} ended with status #{result.exit_code}; what went wrong stands above.

        Once it is mended, try again with `vagrant provision`. (`vagrant up` does not: it takes a machine that came up for provisioned.)
      TEXT
    end

    # Output comes through as it is written, colours and all.
    def execute(*command)
      env = { "HOSTWRIGHT_VAGRANT" => "1", "ANSIBLE_FORCE_COLOR" => @machine.env.ui.color? ? "true" : "false" }
      Vagrant::Util::Subprocess.execute(*command, notify: %i[stdout stderr], workdir: root.to_s, env: env) do |_, data|
        @machine.env.ui.info(data, new_line: false, prefix: false)
      end
    rescue Vagrant::Errors::CommandUnavailable
      raise Error, "#{command.first} is not there. hostwright needs Node 20.10 or newer (https://nodejs.org)."
    end

    # A project's own hostwright first; a checkout of hostwright is its own project.
    def program
      return [config.playbook_command] if config.playbook_command

      own = [root.join("node_modules", ".bin", "hostwright-playbook"), root.join("bin", "hostwright-playbook.js")]
      found = own.find(&:file?)
      return ["node", found.realpath.to_s] if found
      return ["hostwright-playbook"] if Vagrant::Util::Which.which("hostwright-playbook")

      raise Error, "There is no hostwright in #{root}. Install it there: npm install hostwright"
    end

    # A fresh clone has none.
    def install_packages
      return if root.join("node_modules").directory? || !needs_packages?

      way = root.join("package-lock.json").file? ? "ci" : "install"
      say("Installing the npm packages of #{root} (npm #{way}) …")
      result = execute("npm", way, "--prefer-offline", "--no-audit", "--no-fund")
      raise Error, "npm #{way} in #{root} failed; why stands above." unless result.exit_code.zero?
    end

    def needs_packages?
      file = root.join("package.json")
      file.file? && JSON.parse(file.read).values_at("dependencies", "devDependencies").compact.any? { |names| !names.empty? }
    end

    def arguments(limit)
      [
        "--inventory=#{inventory}", "--limit=#{listed(config.limit) || limit}", "--host-key-checking=#{host_key_checking}",
        *option("tags", listed(config.tags)), *option("skip-tags", listed(config.skip_tags)),
        *option("start-at-task", config.start_at_task), *option("extra-vars", extra_vars),
        *option("vault-password-file", config.vault_password_file),
        *flag("check", config.check), *flag("diff", config.diff), *flag("become", config.become),
        *option("become-user", config.become_user), *verbosity, *Array(config.raw_arguments), playbook
      ]
    end

    def option(name, value)
      value.nil? ? [] : ["--#{name}=#{value}"]
    end

    def flag(name, wanted)
      wanted ? ["--#{name}"] : []
    end

    def verbosity
      return [] unless config.verbose

      config.verbose == true ? ["-v"] : ["-#{config.verbose.to_s.delete("-")}"]
    end

    def listed(value)
      value.nil? ? nil : Array(value).join(",")
    end

    def playbook
      File.expand_path(config.playbook, root)
    end

    def host_key_checking
      { true => "yes", false => "no" }.fetch(config.host_key_checking, config.host_key_checking)
    end

    # Values may be secrets: they stand in a file that nobody else may read, never in an argument.
    def extra_vars
      return config.extra_vars unless config.extra_vars.is_a?(Hash)

      "@#{write("extra_vars-#{Digest::SHA256.hexdigest(key)[0, 8]}.json", JSON.generate(config.extra_vars))}"
    end

    def inventory
      return File.expand_path(config.inventory_path, root) if config.inventory_path

      text = Inventory.new(members, groups: config.groups, host_vars: config.host_vars, raw_ssh_args: config.raw_ssh_args,
                                    user: config.force_remote_user).to_s
      write(File.join("inventory", "vagrant_hostwright_inventory"), text)
    end

    # All machines of the Vagrantfile, since a playbook asks about others than its own.
    def members
      @machine.env.machine_names.map do |name|
        machine = name == @machine.name ? @machine : running(name)
        known = machine && machine.data_dir.join("hostwright_known_hosts")
        Inventory::Member.new(name: name.to_s, ssh: machine&.ssh_info, known_hosts: known)
      end
    end

    def running(name)
      active = @machine.env.active_machines.find { |one, _| one == name }
      active && @machine.env.machine(*active)
    end

    def write(name, text)
      file = @machine.env.local_data_path.join("provisioners", "hostwright", name)
      FileUtils.mkdir_p(file.dirname)
      part = "#{file}.#{Process.pid}-#{@machine.name}.part"
      File.write(part, text, perm: 0o600)
      File.rename(part, file)
      file.to_s
    end

    def root
      @machine.env.root_path
    end

    def say(text)
      @machine.ui.info(text)
    end
  end
end

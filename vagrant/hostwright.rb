# frozen_string_literal: true

# The `hostwright` provisioner. A Vagrantfile loads it with
#
#   require_relative "vagrant/hostwright"
#
# and uses it with `config.vm.provision :hostwright do |h| h.playbook = "playbooks/site.ts" end`.

require_relative "hostwright/gathering"

module Hostwright
  class Plugin < Vagrant.plugin("2")
    name "hostwright"
    description "Provisions machines with hostwright playbooks"

    config(:hostwright, :provisioner) do
      require_relative "hostwright/config"
      Config
    end

    provisioner(:hostwright) do
      require_relative "hostwright/provisioner"
      Provisioner
    end

    # Who is on its way up is told before its provisioners run, so that the last of them knows it is the last.
    %i[machine_action_up machine_action_reload machine_action_resume].each do |action|
      action_hook(:hostwright, action) { |hook| hook.prepend(Gathering::OnItsWay) }
    end
  end
end

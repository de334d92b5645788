# One heymarket-mock for each process of RSpec, also with parallel_tests. Copy to spec/, and require "heymarket_helper" first in
# spec_helper.rb, before your code reads the variables. An example may use verify and expect_refusal:
#   verify({ contact: "ada", channel_type: "email" }, exactly: 1)
require "json"
require "net/http"
require "open3"
require "tmpdir"

module Heymarket
  # Starts a mock and sets the variables that lead to it. It ends with this process, which alone holds its standard input open.
  def self.start
    Dir.mktmpdir("heymarket-") do |dir|
      port, log = "#{dir}/port", "#{dir}/log"
      @mock = IO.popen(["heymarket-mock", "serve", "--listen", "0", "--port-file", port, "--log", "none", "--until-stdin-ends",
                        err: log], "w")
      deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 30
      until File.exist?(port)
        ended = Process.wait(@mock.pid, Process::WNOHANG)
        abort "no mock: #{File.read(log)}" if ended || Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline
        sleep 0.02
      end
      found, = Open3.capture2("heymarket-mock", "env", "--shell", "json", "--port-file", port)
      ENV.update(JSON.parse(found)["env"])
    end
  rescue Errno::ENOENT => error
    abort "no mock: #{error.message}; is heymarket-mock on PATH?"
  end

  def self.stop = @mock.close

  def self.call(kind, path, body = nil)
    uri = URI("#{ENV.fetch("HEYMARKET_MOCK_CONTROL_URL")}/#{path}")
    request = kind.new(uri, "Content-Type" => "application/json")
    request.body = JSON.generate(body) if body
    answer = Net::HTTP.start(uri.host, uri.port, nil) { |http| http.request(request) }
    raise "heymarket-mock: #{answer.body}" unless answer.code == "200"
    JSON.parse(answer.body)
  end

  # Fails unless as many requests arrived: exactly: 1, at_least: 1, at_most: 1.
  def verify(where, **count) = Heymarket.call(Net::HTTP::Post, "verify", { where: where, **count })

  # Announces refusals that the example wants; the example fails if they do not come.
  def expect_refusal(where, times: 1) = Heymarket.call(Net::HTTP::Post, "expect", { where: where, times: times })
end

Heymarket.start
RSpec.configure do |config|
  config.include Heymarket
  config.before { Heymarket.call(Net::HTTP::Post, "reset", {}) }
  config.after do
    missing = Heymarket.call(Net::HTTP::Get, "expect")["expectations"].select { |expected| expected["left"] > 0 }
    raise "expected refusals did not come: #{missing}" unless missing.empty?
  end
  config.after(:suite) { Heymarket.stop }
end

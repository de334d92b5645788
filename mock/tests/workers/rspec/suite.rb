# What both spec files contain.
require_relative "heymarket_helper"

EMAIL = { channel_type: "email", channel_id: "same@example.com" }.freeze

def create(contact)
  system("heymarket", "channel", "create", contact, "--type", "email", "--id", EMAIL[:channel_id], out: File::NULL, err: File::NULL)
end

def meet(name, other)
  File.write("new.#{name}", "#{Process.pid} #{ENV.fetch("HEYMARKET_MOCK_URL")}")
  File.rename("new.#{name}", "met.#{name}")
  deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 100
  until File.exist?("met.#{other}")
    raise "the other process did not come" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline
    sleep 0.02
  end
end

def suite(name, other)
  RSpec.describe "process #{name}" do
    it "sees its own requests only" do
      expect(create(ENV.fetch("HEYMARKET_CONTACT_ID"))).to be true
      meet(name, other)
      verify(EMAIL, exactly: 1)
      expect { verify(EMAIL, exactly: 2) }.to raise_error(/expected exactly 2/)
    end
    it("begins with a mock that was reset") { verify({}, exactly: 0) }
    it "expects a refusal" do
      expect_refusal({ status: 404 })
      expect(create("0b0d7000-0000-4000-8000-000000000000")).to be false
    end
    it("expects what does not come") { expect_refusal({ status: 404 }) } if ENV["EXPECT_TOO_MUCH"]
  end
end

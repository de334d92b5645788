# All six operations with Ruby's Net::HTTP.
require 'base64'
require 'json'
require 'net/http'
require 'openssl'

BASE = URI(ENV.fetch('HEYMARKET_API_BASE_URL', 'https://api.heymarket.com'))
ID, KEY, CONTACT = %w[API_SECRET_ID API_SECRET_KEY CONTACT_ID].map { |name| ENV.fetch("HEYMARKET_#{name}") }

def b64url(data) = Base64.urlsafe_encode64(data, padding: false)

signed = [{ alg: 'HS256', typ: 'JWT' }, { iss: ID, iat: Time.now.to_i }].map { |part| b64url(part.to_json) }.join('.')
AUTHORIZATION = "Bearer #{signed}.#{b64url(OpenSSL::HMAC.digest('SHA256', "#{ID}||#{KEY}", signed))}".freeze
HTTP = Net::HTTP.new(BASE.host, BASE.port)
HTTP.use_ssl = BASE.scheme == 'https'

def call(method, path, value = nil)
  request = Net::HTTP.const_get(method.capitalize).new(path, 'Authorization' => AUTHORIZATION)
  request.body = value.to_json if value
  request.content_type = 'application/json' if value
  answer = HTTP.request(request)
  abort "#{method} #{path} was answered with #{answer.code}: #{answer.body}" unless answer.is_a?(Net::HTTPSuccess)
  JSON.parse(answer.body)
end

def emails(channels) = channels.select { |entry| entry['channel_type'] == 'email' }.map { |entry| entry['channel_id'] }

channel = "/v2/contact/#{CONTACT}/channel"
first = 'ruby@example.com'
second = 'ruby.new@example.com'
created = call('POST', channel, { channel_type: 'email', channel_id: first })
abort "the created channel is not in #{created}" unless emails(created).include?(first)
got = call('GET', "#{channel}/email")
abort "not the created channel: #{got}" unless created.include?(got) && got['channel_id'] == first
listed = call('GET', "#{channel}s")
abort "the list #{listed} differs from #{created}" unless listed == created
updated = emails(call('PUT', channel, { channel_type: 'email', channel_id: second }))
abort "not the new value: #{updated}" unless updated.include?(second) && !updated.include?(first)
call('DELETE', "#{channel}/email")
inboxes = call('GET', '/v1/inboxes')
abort "no inboxes: #{inboxes}" unless inboxes.any? && inboxes.all? { |inbox| inbox['id'].is_a?(Integer) && inbox['name'] }

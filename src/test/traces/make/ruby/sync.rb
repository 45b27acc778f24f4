# A worker that fails in the way that its argument names.
require 'json'
require 'logger'
require 'net/http'
require 'socket'

class ShopError < StandardError; end

def post(order)
  TCPSocket.new('127.0.0.1', 9)
end

def export(order)
  post(order)
rescue SystemCallError
  raise ShopError, "order #{order} was not exported"
end

WAYS = {
  'cause' => -> { export(5120) },
  'http' => -> { Net::HTTP.post(URI('http://127.0.0.1:9/orders'), '{}') },
  'nil' => -> { { lines: nil }[:lines].each { |line| puts line } },
  'key' => -> { { customr: 1 }.fetch(:customer) },
  'lines' => -> { raise ShopError, "POST /orders: 422 Unprocessable Entity\n" + JSON.pretty_generate(errors: [{ field: 'price', text: 'must not be empty' }]) },
  'empty' => -> { raise ShopError, '' },
  'abort' => -> { abort 'order 5120: the shop answered 422: price must not be empty' },
  'exit' => -> { puts 'pushed 0 of 12 products'; exit 3 },
  'at-exit' => -> { at_exit { warn 'closing 4 connections' }; export(5120) },
  'at-exit-raises' => -> { at_exit { raise IOError, 'connection was closed before' }; export(5120) },
  'thread' => -> { Thread.new { export(5120) }.join },
  'logger' => lambda do
    log = Logger.new($stdout, progname: 'sync')
    log.info('exporting order 5120')
    begin
      export(5120)
    rescue ShopError => e
      log.error(e)
    end
    log.info('closing 4 connections')
    exit 1
  end,
  'logger-json' => lambda do
    log = Logger.new($stdout, formatter: ->(severity, time, _, text) { "#{JSON.generate(level: severity, time: time, message: text)}\n" })
    log.info('exporting order 5120')
    begin
      export(5120)
    rescue ShopError => e
      log.fatal("#{e.class}: #{e.message}")
    end
    exit 1
  end,
  'rescued' => lambda do
    export(5120)
  rescue ShopError => e
    warn "#{e.class}: #{e.message}", *e.backtrace.map { |line| "  #{line}" }
    exit 1
  end,
  'full-message' => lambda do
    export(5120)
  rescue ShopError => e
    warn e.full_message(highlight: true, order: :bottom)
    exit 1
  end,
  'deep' => -> { price = ->(level) { price.(level + 1) + 1 }; price.(0) },
  'frozen' => -> { 'LA-4'.freeze << '-b' },
  'option' => lambda do
    require 'optparse'
    OptionParser.new { |o| o.on('--order=NUMBER', Integer) }.parse!(['--order=x12'])
  end
}.freeze

$stdout.sync = true
puts 'order-sync 3.1 begins'
WAYS.fetch(ARGV.shift).call

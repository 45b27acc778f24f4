# A worker that fails in the way that its argument names.
defmodule Shop.Error do
  defexception [:message]
end

defmodule Shop.Server do
  use GenServer
  def init(order), do: {:ok, order}
  def handle_call(:push, _from, order), do: Shop.Sync.export(order)
end

defmodule Shop.Sync do
  def export(order), do: raise(Shop.Error, message: "order #{order} was not exported")

  def run("raise"), do: export(5120)
  def run("match"), do: {:ok, _} = File.read("/app/prices.csv")
  def run("key"), do: Map.fetch!(%{lines: []}, :customer)
  def run("clause"), do: String.upcase(nil)
  def run("erlang"), do: :erlang.binary_to_integer("12,50")
  def run("throw"), do: throw({:shop, 422})
  def run("exit"), do: exit({:shop, 422})
  def run("task"), do: Task.async(fn -> export(5120) end) |> Task.await()
  def run("server") do
    {:ok, pid} = GenServer.start(Shop.Server, 5120)
    GenServer.call(pid, :push)
  end
  def run("stop") do
    IO.puts(:stderr, "error: order 5120: the shop answered 422: price must not be empty")
    System.stop(1)
    Process.sleep(:infinity)
  end
  def run("logged") do
    require Logger
    Logger.info("exporting order 5120")
    try do
      export(5120)
    rescue
      e -> Logger.error(Exception.format(:error, e, __STACKTRACE__))
    end
    Logger.info("closing 4 connections")
    Logger.flush()
    System.halt(1)
  end
end

IO.puts("order-sync 3.1 begins")
Shop.Sync.run(hd(System.argv()))

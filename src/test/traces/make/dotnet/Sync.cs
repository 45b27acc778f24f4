// A worker that fails in the way that its argument names.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;

namespace Shop.Sync
{
    public class ExportException : Exception
    {
        public ExportException(string message, Exception inner = null) : base(message, inner) { }
    }

    static class Settings
    {
        public static readonly int Batch = int.Parse("many");
    }

    public static class Program
    {
        static void Post(int order)
        {
            throw new InvalidOperationException($"the shop answered 422 for order {order}");
        }

        static void Export(int order)
        {
            try
            {
                Post(order);
            }
            catch (InvalidOperationException e)
            {
                throw new ExportException($"order {order} was not exported", e);
            }
        }

        static async Task Push(int order)
        {
            await Task.Delay(1);
            Export(order);
        }

        static int Price(int level) => Price(level + 1) + 1;

        public static int Main(string[] args) => Run(args).GetAwaiter().GetResult();

        static async Task<int> Run(string[] args)
        {
            Console.WriteLine("order-sync 3.1 begins");
            switch (args[0])
            {
                case "inner": Export(5120); break;
                case "async": await Push(5120); break;
                case "wait": Push(5120).Wait(); break;
                case "aggregate": await Task.Run(() => throw new AggregateException("2 of 12 orders were not exported", new ExportException("order 7"), new ExportException("order 8"))); break;
                case "http": await new HttpClient().GetStringAsync("http://127.0.0.1:9/orders"); break;
                case "null": string text = null; Console.WriteLine(text.Length); break;
                case "key": Console.WriteLine(new Dictionary<string, int>()["customer"]); break;
                case "initializer": Console.WriteLine(Settings.Batch); break;
                case "lines": throw new ExportException("POST /orders: 422 Unprocessable Entity\n{\n  \"price\": \"must not be empty\"\n}");
                case "thread": var worker = new System.Threading.Thread(() => Export(5120)); worker.Start(); worker.Join(); break;
                case "overflow": Price(0); break;
                case "fail-fast": Environment.FailFast("the journal of orders is broken", new ExportException("record 12 has no end")); break;
                case "printed":
                    try { await Push(5120); }
                    catch (Exception e) { Console.Error.WriteLine(e); return 1; }
                    break;
                case "exit-event":
                    AppDomain.CurrentDomain.ProcessExit += (s, e) => Console.WriteLine("closing 4 connections");
                    try { await Push(5120); }
                    catch (Exception e) { Console.Error.WriteLine("Export failed: " + e.Message); return 1; }
                    break;
                case "unobserved":
                    Console.WriteLine("pushed 0 of 12 products");
                    return 3;
            }
            return 0;
        }
    }
}

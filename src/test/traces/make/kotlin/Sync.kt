// A worker that fails in the way that its argument names.
package shop

import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

class ExportFailed(order: Int, cause: Throwable) : RuntimeException("order $order was not exported", cause)

class Settings {
    lateinit var url: String
}

fun post(order: Int): Nothing = error("the shop answered 422 for order $order")

fun export(order: Int): Nothing =
    try {
        post(order)
    } catch (e: IllegalStateException) {
        throw ExportFailed(order, e)
    }

fun main(args: Array<String>) {
    println("order-sync 3.1 begins")
    when (args[0]) {
        "cause" -> export(5120)
        "coroutine" -> runBlocking { coroutineScope { async { delay(1); export(5120) }.await() } }
        "launched" -> runBlocking { GlobalScope.launch { export(5120) }.join(); println("exported 2 of 3 orders") }
        "timeout" -> runBlocking { withTimeout(20) { delay(1_000) } }
        "lateinit" -> println(Settings().url)
        "not-null" -> println(args.getOrNull(1)!!.length)
        "require" -> require(args.size > 1) { "order number is missing" }
        "todo" -> TODO("stock of bundles")
    }
}

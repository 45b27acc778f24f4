//! A worker that fails in the way that its argument names.
use anyhow::{Context, Result, bail};

#[derive(Debug, thiserror::Error)]
enum ShopError {
    #[error("the shop answered {status}: {text}")]
    Refused { status: u16, text: String },
}

fn refused() -> ShopError {
    ShopError::Refused { status: 422, text: "price must not be empty".into() }
}

fn post() -> Result<()> {
    std::net::TcpStream::connect("127.0.0.1:9").context("the shop cannot be reached")?;
    Ok(())
}

fn main() -> Result<()> {
    println!("order-sync 3.1 begins");
    match std::env::args().nth(1).as_deref().unwrap_or("") {
        "anyhow" => return post().context("order 5120 was not exported"),
        "bail" => bail!("order 5120 is locked by another clerk"),
        "thiserror" => return Err(refused().into()),
        "unwrap" => drop("12,50".parse::<f64>().unwrap()),
        "expect" => drop(std::fs::read("/app/prices.csv").expect("price list can be read")),
        "panic" => panic!("order 5120 was not exported:\n{}", refused()),
        "index" => println!("{}", std::env::args().collect::<Vec<_>>()[12]),
        "thread" => {
            let worker = std::thread::Builder::new().name("export-1".into()).spawn(|| panic!("order 5120 was not exported"))?;
            if worker.join().is_err() {
                println!("exported 2 of 3 orders");
                std::process::exit(1);
            }
        }
        "plain" => {
            if let Err(e) = plain() {
                eprintln!("error: {e}");
                std::process::exit(1);
            }
        }
        "debug" => {
            plain().unwrap();
        }
        "tracing" => {
            tracing_subscriber::fmt().with_ansi(false).init();
            tracing::info!(order = 5120, "exporting");
            tracing::error!(order = 5120, error = %refused(), "push failed");
            tracing::info!(connections = 4, "closing");
            std::process::exit(1);
        }
        "tracing-json" => {
            tracing_subscriber::fmt().json().init();
            tracing::info!(order = 5120, "exporting");
            tracing::error!(order = 5120, error = %refused(), "push failed");
            tracing::info!(connections = 4, "closing");
            std::process::exit(1);
        }
        "env-logger" => {
            env_logger::builder().filter_level(log::LevelFilter::Info).init();
            log::info!("exporting order 5120");
            log::error!("push failed: {}", refused());
            log::info!("closing 4 connections");
            std::process::exit(1);
        }
        "overflow" => println!("{}", price(1)),
        "abort" => {
            eprintln!("the journal of orders is broken");
            std::process::abort();
        }
        _ => {}
    }
    Ok(())
}

fn plain() -> std::result::Result<(), ShopError> {
    Err(refused())
}

#[allow(unconditional_recursion)]
fn price(level: u64) -> u64 {
    price(std::hint::black_box(level + 1)) + 1
}

def export(order)
  raise ArgumentError, "order #{order} has no lines"
end
puts "exporting"
export(1042)

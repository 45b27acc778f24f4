def price(text)
  Float(text
end

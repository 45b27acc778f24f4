const price: number = 'twelve';
export default price;

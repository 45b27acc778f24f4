Promise.reject('the shop said no');
